"""Tables between foreign fields and CSL variables, both directions side by side."""
