"""Hostile input for every importer that is installed."""
