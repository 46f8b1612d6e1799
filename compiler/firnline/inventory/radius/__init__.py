"""What do objects have to do with a change of rules: which are deleted or moved because of it?"""
