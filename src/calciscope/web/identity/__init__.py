"""Who a patient is: corrected by the team, erased by the officer."""
