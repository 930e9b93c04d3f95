"""A measured scan says whether it was held against the one before it; those that are there are left as they are."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A comparison that was broken off is taken up again."""

    dependencies = [("record", "0005_advice_on")]

    operations = [
        migrations.AddField(model_name="scan", name="compared", field=models.BooleanField(default=True)),
    ]
