import pytest

from notifications import checks


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("https://midtveis.example.org", []),
        ("midtveis.example.org", ["notifications.E001"]),
        ("ftp://midtveis.example.org", ["notifications.E001"]),
    ],
)
def test_a_site_address_that_links_cannot_use_is_refused(settings, address, ids):
    settings.SITE_URL = address

    assert [error.id for error in checks.site_address_leads_here()] == ids


@pytest.mark.parametrize(("lease", "ids"), [(40, ["notifications.E002"]), (41, [])])
def test_a_lease_shorter_than_two_slow_mails_is_refused(settings, lease, ids):
    settings.EMAIL_TIMEOUT, settings.MAIL_LEASE = 20, lease

    assert [error.id for error in checks.lease_outlives_a_mail()] == ids
