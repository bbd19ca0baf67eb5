"""What we know. One noun a file; this list names each model once."""

from register.models.access import AccessEvent, NamedReader
from register.models.agreement import Agreement
from register.models.cooperation import Cooperation, CooperationPartner, NumberSeries
from register.models.document import Document
from register.models.indicator import CountryIndicator, Edition, Screening
from register.models.lookups import Among
from register.models.partner import Partner, PartnerIdentifier, PartnerName
from register.models.person import Held, User
from register.models.reference import Country, ScienceField
from register.models.role import Deputyship, RoleAssignment
from register.models.sign_in import ClaimRule
from register.models.unit import FormerName, Unit

__all__ = [
    "AccessEvent",
    "Agreement",
    "Among",
    "ClaimRule",
    "Cooperation",
    "CooperationPartner",
    "Country",
    "CountryIndicator",
    "Deputyship",
    "Document",
    "Edition",
    "FormerName",
    "Held",
    "NamedReader",
    "NumberSeries",
    "Partner",
    "PartnerIdentifier",
    "PartnerName",
    "RoleAssignment",
    "ScienceField",
    "Screening",
    "Unit",
    "User",
]
