"""Does anything in a file make Firnline crash or hang? Many inputs, each known by its number."""
