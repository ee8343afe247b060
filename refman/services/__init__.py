"""The use cases: what `import refman` offers, and the command line and the screens call."""
