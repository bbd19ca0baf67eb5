"""What other apps may listen to."""

from django.dispatch import Signal

case_moved = Signal()
"""Something happened to a case. Sent after the commit, once for each CaseEvent, with
send_robust: a listener that fails changes nothing, so whoever must not miss an event
also looks for it by itself. Arguments: event_id (int); verb, so that a listener need
not fetch an event that it does not tell."""
