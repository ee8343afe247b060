"""The main screen, and the dialogs that it opens."""
