"""One script a claim, each beside a peer or a limit: `make bench`."""
