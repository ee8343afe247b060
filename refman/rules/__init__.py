"""What refman decides: which records are one work, what is believed, what a work is called."""
