"""The command line: the only place, with the screens, that prints or reads settings."""
