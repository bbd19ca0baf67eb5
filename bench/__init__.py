"""How fast the main pages are, told as ratios to a floor: the leanest Django view that
does the same visible work. `python -m bench`; read docs/performance.md."""
