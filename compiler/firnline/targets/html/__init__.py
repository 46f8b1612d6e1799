"""One page of HTML that needs nothing else: the shell that reviews, reports and schedules share."""
