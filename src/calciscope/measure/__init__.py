"""Pure measurement: arrays in, values out; no disk, no network, no django."""
