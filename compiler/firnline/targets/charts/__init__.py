"""Typed numbers → static charts as SVG, drawn by matplotlib (`firnline[report]`).

A chart is a part of a page: its colours are those of the page's CSS variables, by classes that
`chart.css` styles, so that one text is right in light, in dark and on paper. It is as wide as 360
units, which a phone shows as they are and a desktop half as large again.
"""
