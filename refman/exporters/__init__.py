"""One module a format: works in, text and losses out."""
