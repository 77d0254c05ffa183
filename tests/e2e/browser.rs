//! GraphiQL in a real browser, served by the real server.

use crate::chromium::Chromium;
use crate::server::Server;
use std::path::Path;

#[test]
fn graphiql_runs_a_query() {
    let server = Server::start();
    let mut page = Chromium::start();
    page.open(&format!("{}/graphql", server.url));
    page.wait_for("document.querySelector('.graphiql-query-editor .CodeMirror') !== null");
    page.wait_for("document.querySelector('button.graphiql-execute-button') !== null");
    page.evaluate(
        "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue('{ listings(first: 2) { totalCount nodes { title host { name } } } }')",
    );
    page.evaluate("document.querySelector('button.graphiql-execute-button').click()");
    let shown = page.wait_for(
        "(() => { const r = document.querySelector('.result-window .CodeMirror'); const t = r ? r.CodeMirror.getValue() : ''; return t.includes('totalCount') ? t : '' })()",
    );
    let answer: serde_json::Value =
        serde_json::from_str(shown.as_str().expect("text")).expect("the result pane shows JSON");
    let nodes = answer["data"]["listings"]["nodes"]
        .as_array()
        .expect("nodes")
        .clone();
    assert_eq!(nodes.len(), 2, "{answer:#}");
    assert!(
        nodes.iter().all(|n| n["host"]["name"].is_string()),
        "{answer:#}"
    );

    // Documentation comes from introspection: the explorer knows the schema's types.
    page.evaluate("document.querySelector('button[aria-label*=\"Documentation\"]').click()");
    page.wait_for("document.querySelector('.graphiql-doc-explorer')?.innerText.includes('Query')");

    let picture = Path::new(env!("CARGO_TARGET_TMPDIR")).join("graphiql.png");
    page.screenshot(&picture);
    assert!(std::fs::metadata(&picture).expect("a picture").len() > 10_000);

    // Nothing of the page comes from elsewhere.
    let foreign = page.evaluate(&format!(
        "performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith('{}') && !n.startsWith('data:') && !n.startsWith('blob:')).join()",
        server.url
    ));
    assert_eq!(foreign, serde_json::json!(""), "resources from elsewhere");
}
