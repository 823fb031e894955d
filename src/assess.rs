//! Roll-up, dispositions, evidence register: findings become an [`crate::assessment::Assessment`].
