# Everything at once, as it must be before a merge.
check: lint test

# Every test, journeys included.
test:
    cargo test --features lambda

# Format, clippy on everything, and the Lambda program without the operator's tool.
lint:
    cargo fmt --check
    cargo clippy --features lambda --all-targets -- -D warnings
    cargo clippy --no-default-features --features lambda --bin idv-handler -- -D warnings

# Licences, advisories, banned crates (needs cargo-deny).
deny:
    cargo deny check

# Figures of the release build.
bench:
    cargo bench --features lambda

# Every fault at every call of every flow; minutes. The suite draws a sample of it.
chaos:
    IDVCTL_CHAOS=all cargo test --features lambda --test chaos

# The whole road on this machine: local cloud, deployment, dashboard.
up *ARGS:
    cargo run -- up {{ARGS}}

# Rewrites everything recorded: messages of tests/configs/invalid, golden templates, snapshots of screens. Read the
# difference before it is committed.
bless:
    IDVCTL_BLESS=1 INSTA_UPDATE=always cargo test --features lambda --lib --test config
