"""A site decides whether advice on options is shown."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Off until turned on."""

    dependencies = [("record", "0004_old_studies")]

    operations = [
        migrations.AddField(model_name="site", name="advice_on", field=models.BooleanField(default=False)),
    ]
