"""Where records can be fetched by DOI. Nothing here opens a connection."""
