"""Old studies that wait for the night."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0003_scan'),
    ]

    operations = [
        migrations.AddField(
            model_name='scan',
            name='old',
            field=models.BooleanField(default=False),
        ),
    ]
