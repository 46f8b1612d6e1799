"""Facts about what is stored, rules and prices → what is stored later, and what it costs."""
