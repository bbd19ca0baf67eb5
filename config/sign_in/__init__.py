"""Who comes in, how they show that it is them, and how often they may try.

django-allauth does the work; here stands what an institution asks of it."""
