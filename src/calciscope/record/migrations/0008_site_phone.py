"""A site may say which phone number its patients call."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty until its administrator records one; none is ever filled in."""

    dependencies = [("record", "0007_trial_reading")]

    operations = [
        migrations.AddField(model_name="site", name="phone", field=models.CharField(blank=True, default="", max_length=60)),
    ]
