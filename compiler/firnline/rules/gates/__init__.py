"""Which changes are valid and still need the approval of the people whose data it is?"""
