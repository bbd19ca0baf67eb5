"""Ways in which people try to decide their own case; see docs/domain/self-approval.md.

Each module adds its ways to `scene.WAYS` when it is imported.
"""
