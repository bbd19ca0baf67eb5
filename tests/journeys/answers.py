"""What the people of the three cases answer where it is not simply harmless. People,
partners, licences and references are invented."""

from datetime import date

from tests.journeys.walking import Said


def office(today: date, agreement: str) -> dict[str, Said]:
    """The administration's facts, which are alike in all three cases."""
    screened = {"screened_on": today, "editions": "Norway, UN and EU, as loaded"}
    return {"AGR-1": Said([agreement]), "SAN-5": Said("within", facts=screened)}


# 1. An Erasmus exchange ---------------------------------------------------------------
EXCHANGE = {
    "PUR-2": Said(comment="Their laboratory courses fill a gap in our second year."),
    "MOB-1": Said(["incoming", "outgoing"], facts={"role": "Students", "number": 10}),
    "PRI-1": Said("inside-EEA", "Names and marks of the students."),
}

# 2. A guest researcher in underwater technology ---------------------------------------
GUEST = {
    "PUR-2": Said(comment="They have built the quietest positioning array there is."),
    "EXP-1": Said("possibly", "Acoustic positioning may stand under “marine”."),
    "EXP-4": Said("yes", "The positioning array in our tank."),
    "INF-1": Said(["internal"]),
    "INF-3": Said("yes-restricted", "The tank hall, with a card."),
    "MOB-1": Said(["incoming", "sensitive-areas"], facts={"areas": "The tank hall"}),
    "MOB-2": Said("yes", "The tank and the code that reads the array."),
}
GUEST_ADVISER = {
    "PAR-3": Said("civil-only-with-links", "A naval shipyard pays for half the lab."),
    "EXP-2": Said("checked", facts={"entries": "Marine, sonar", "edition": "2026"}),
    "EXP-3": Said("open-material"),
    "MOB-4": Said("required-and-done", "Done by HR; kept outside the case."),
}


def licence(until: date) -> dict[str, Said]:
    facts = {"number": "L 2026/118", "scope": "The array, for one named guest"}
    return {"EXP-8": Said("valid", facts=facts | {"valid_until": until})}


# 3. Shared data with a hospital outside the EEA ---------------------------------------
HOSPITAL = {
    "PUR-2": Said(comment="No other hospital follows these patients for ten years."),
    "CTY-5": Said("no", "The hospital's own board has agreed; no permit is missing."),
    "ETH-1": Said("yes", "Records of patients, without names."),
    "INF-1": Said(["restricted"], "Kept on our platform for sensitive data."),
    "IPR-3": Said("planned", "Written before the first transfer."),
    "IPR-5": Said("yes-with-agreement", "A data sharing agreement."),
    "PRI-1": Said("outside-EEA", "The hospital reads and adds to the records."),
    "PRI-2": Said("yes", "Health data."),
    "TEC-3": Said(["information"]),
}
HOSPITAL_ADVISER = {
    "PRI-3": Said(comment="Joint controllers; the arrangement is signed."),
    "PRI-4": Said("standard-clauses", "The country's access law is assessed."),
}
LATER = {
    "IPR-3": Said("yes", "Written, and followed since the first transfer."),
    "FOL-7": Said(comment="Agree on the data plan before the first record is sent."),
}
