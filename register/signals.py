"""What the register tells those above it, after the commit."""

from django.dispatch import Signal

# Who may do what has changed. event_id: of the AccessEvent; verb: its AccessVerb.
access_changed = Signal()
