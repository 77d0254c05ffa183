//! The flagship's schema and schedule, lowered.

use super::lower;
use crate::diagnostic::Diagnostics;
use crate::ir::*;
use crate::parse;
use crate::source::{FileId, Source, Sources};

/// The IR of some SDL and a manifest, and what is said about them: `line:column message | help`.
fn lowered(sdl: &[&str], manifest: Option<&str>) -> (Ir, Vec<String>) {
    let texts = sdl.iter().copied().chain(manifest);
    let sources = Sources(
        texts
            .map(|text| Source {
                name: "file".into(),
                text: text.into(),
            })
            .collect(),
    );
    let mut diags = Diagnostics::default();
    let documents: Vec<_> = (0..sdl.len() as u32)
        .map(|i| parse::document(FileId(i), sources.file(FileId(i)), &mut diags))
        .collect();
    let manifest =
        manifest.and_then(|_| parse::manifest(FileId(sdl.len() as u32), &sources, &mut diags));
    let ir = lower(&sources, &documents, manifest.as_ref(), &mut diags);
    let show = |d: &crate::diagnostic::Diagnostic| {
        let place = d
            .span
            .map(|span| sources.line_col(span).to_string())
            .unwrap_or_default();
        format!(
            "{place} {}{}",
            d.message,
            d.help
                .as_ref()
                .map(|h| format!(" | {h}"))
                .unwrap_or_default()
        )
    };
    (ir, diags.sorted().into_iter().map(show).collect())
}

fn booking() -> Ir {
    let sdl = [
        include_str!("../../../examples/booking/schema/auth.graphql"),
        include_str!("../../../examples/booking/schema/booking.graphql"),
        include_str!("../../../examples/booking/schema/listing.graphql"),
        include_str!("../../../examples/booking/schema/review.graphql"),
        include_str!("../../../examples/booking/schema/schema.graphql"),
        include_str!("../../../examples/booking/schema/user.graphql"),
    ];
    let (ir, findings) = lowered(
        &sdl,
        Some(include_str!("../../../examples/booking/jobs.yaml")),
    );
    assert_eq!(findings, Vec::<String>::new());
    ir
}

#[test]
fn flagship() {
    let ir = booking();
    let names: Vec<_> = ir
        .models
        .iter()
        .map(|m| (m.name.as_str(), m.table.as_str()))
        .collect();
    let expect = [
        ("LoginSession", "login_sessions"),
        ("Booking", "bookings"),
        ("Webhook", "webhooks"),
        ("Listing", "listings"),
        ("Amenity", "amenities"),
        ("Review", "reviews"),
        ("User", "users"),
    ];
    assert_eq!(names, expect);
}
