"""String craft: reading bytes as text, titles, names, LaTeX. Pure, and without any vocabulary."""
