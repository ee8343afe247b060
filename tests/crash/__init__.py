"""The real process, killed at any moment of any kind of work."""
