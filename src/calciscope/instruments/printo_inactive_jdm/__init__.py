"""PRINTO criteria for clinically inactive disease in juvenile dermatomyositis."""
