"""What is wrong with an installation, and how to mend it: checks in plain words."""

from saleor_cdkeys.diagnosis.diagnose import Examined, diagnose
from saleor_cdkeys.diagnosis.finding import Finding, Level
from saleor_cdkeys.diagnosis.mail import send_test

__all__ = ["Examined", "Finding", "Level", "diagnose", "send_test"]
