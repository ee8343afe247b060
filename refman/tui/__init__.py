"""The screens. The only part of refman that imports Textual.

`state`, `window`, `columns`, `display` and `summary` are pure and know nothing of Textual; widgets
draw what they are given and post messages; the screens decide; `deeds` holds what the keys do;
`library_thread` and `enrichment` do what takes time, away from the screen.
"""
