"""Many real processes at work on one library: what each was told is done must be there at the end.

python -m tests.processes --seconds 60 --processes 8
"""
