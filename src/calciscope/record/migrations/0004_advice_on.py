"""A site decides whether advice on options is shown."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Off until turned on."""

    dependencies = [("record", "0003_scan")]

    operations = [
        migrations.AddField(model_name="site", name="advice_on", field=models.BooleanField(default=False)),
    ]
