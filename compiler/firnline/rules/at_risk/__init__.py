"""What do rules do to objects that a reader cannot do without, as the layout of keys shows it?"""
