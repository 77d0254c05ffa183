//! Files along with operations: <https://github.com/jaydenseric/graphql-multipart-request-spec>.
//!
//! In: a multipart body. Out: operations whose variables refer to files in memory or without a name on disk.
//! Must not know: what becomes of the files.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write as _};

use axum::body::Body;
use axum::http::header;
use axum::http::request::Parts;
use multer::{Constraints, Field, Multipart, SizeLimit};
use serde_json::Value;

use super::answer::Answer;
use super::options::{Options, Uploads};
use super::request::{Asked, Operation, bad, from_body, too_large};
use crate::upload::{self, Upload};

/// Greatest size of the part `map`.
const MAP: u64 = 64 << 10;

/// The operations, then the map, then the files, in this order: so a file is never read for which there is no place.
pub(super) async fn read(
    parts: &Parts,
    body: Body,
    options: &Options,
    limits: &Uploads,
) -> Result<Asked, Answer> {
    let mut form = form(parts, body, options, limits)?;
    let operations = part(&mut form, "operations").await?;
    let operations = operations.bytes().await.map_err(broken)?;
    let mut asked = from_body(&operations, options.batch)?;
    let map = part(&mut form, "map").await?;
    let map = map.bytes().await.map_err(broken)?;
    let mut places = places(&map, limits.files)?;
    let mut number = 0;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let Some(paths) = field.name().and_then(|name| places.remove(name)) else {
            return Err(bad("`map` has no place for a part of the request"));
        };
        put(&mut asked, &paths, number)?;
        let file = receive(field, limits).await?;
        all(&mut asked).for_each(|operation| operation.request.uploads.push(file.clone()));
        number += 1;
    }
    match places.is_empty() {
        true => Ok(asked),
        false => Err(bad("`map` names a file that did not come")),
    }
}

fn form<'b>(
    parts: &Parts,
    body: Body,
    options: &Options,
    limits: &Uploads,
) -> Result<Multipart<'b>, Answer> {
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let boundary = kind
        .and_then(|kind| kind.to_str().ok())
        .and_then(|kind| multer::parse_boundary(kind).ok())
        .ok_or_else(|| bad("the multipart request has no boundary"))?;
    let sizes = SizeLimit::new()
        .whole_stream(limits.total)
        .per_field(limits.file_size)
        .for_field("operations", options.body_limit as u64)
        .for_field("map", MAP);
    let constraints = Constraints::new().size_limit(sizes);
    let bytes = body.into_data_stream();
    Ok(Multipart::with_constraints(bytes, boundary, constraints))
}

async fn part<'b>(form: &mut Multipart<'b>, name: &str) -> Result<Field<'b>, Answer> {
    let field = form.next_field().await.map_err(broken)?;
    field
        .filter(|field| field.name() == Some(name))
        .ok_or_else(|| bad("the parts must be `operations`, `map`, then the files"))
}

fn broken(error: multer::Error) -> Answer {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            too_large()
        }
        _ => bad("the body is not a well-formed multipart request"),
    }
}

/// For each file, by the name of its part, where it belongs.
fn places(map: &[u8], most: usize) -> Result<HashMap<String, Vec<String>>, Answer> {
    let places: HashMap<String, Vec<String>> = serde_json::from_slice(map)
        .map_err(|_| bad("`map` must be a JSON object of lists of paths"))?;
    match places.len() > most {
        true => Err(bad(&format!("a request may have {most} files"))),
        false => Ok(places),
    }
}

/// Puts a reference to the file in all its places.
fn put(asked: &mut Asked, paths: &[String], number: usize) -> Result<(), Answer> {
    for path in paths {
        let place = place(asked, path).filter(|value| value.is_null());
        *place.ok_or_else(|| bad(&format!("`{path}` of `map` is no null in the variables")))? =
            upload::reference(number);
    }
    Ok(())
}

/// `variables.a.0`, or `3.variables.a.0` in a batch.
fn place<'a>(asked: &'a mut Asked, path: &str) -> Option<&'a mut Value> {
    let mut steps = path.split('.');
    let operation = match asked {
        Asked::One(operation) => &mut **operation,
        Asked::Batch(operations) => operations.get_mut(steps.next()?.parse::<usize>().ok()?)?,
    };
    let variables = match steps.next()? {
        "variables" => operation.request.variables.as_mut()?,
        _ => return None,
    };
    let first = variables.get_mut(steps.next()?)?;
    steps.try_fold(first, |value, step| match value {
        Value::Object(members) => members.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    })
}

fn all(asked: &mut Asked) -> impl Iterator<Item = &mut Operation> {
    match asked {
        Asked::One(operation) => std::slice::from_mut(&mut **operation).iter_mut(),
        Asked::Batch(operations) => operations.iter_mut(),
    }
}

/// The file: in memory up to a size, then on disk.
async fn receive(mut field: Field<'_>, limits: &Uploads) -> Result<Upload, Answer> {
    let file_name = field.file_name().map(str::to_owned);
    let content_type = field.content_type().map(ToString::to_string);
    let (mut held, mut file) = (Vec::new(), None);
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        held.extend_from_slice(&chunk);
        if held.len() > limits.in_memory {
            (held, file) = spilt(held, file).await?;
        }
    }
    let upload = match file {
        None => Upload::new(held),
        file => {
            let (_, file) = spilt(held, file).await?;
            let file = file.ok_or_else(Answer::failed)?;
            Upload::from_file(file).map_err(|error| no_disk(&error))?
        }
    };
    Ok(upload.named(file_name, content_type))
}

/// Writes what is held to the file, which is made if there is none; gives both back, the former empty.
async fn spilt(mut held: Vec<u8>, file: Option<File>) -> Result<(Vec<u8>, Option<File>), Answer> {
    let write = tokio::task::spawn_blocking(move || -> io::Result<_> {
        let mut file = match file {
            Some(file) => file,
            None => tempfile::tempfile()?,
        };
        file.write_all(&held)?;
        held.clear();
        Ok((held, Some(file)))
    });
    match write.await {
        Ok(Ok(written)) => Ok(written),
        Ok(Err(error)) => Err(no_disk(&error)),
        Err(_) => Err(Answer::failed()),
    }
}

fn no_disk(error: &io::Error) -> Answer {
    tracing::error!(%error, "an upload could not be kept");
    Answer::failed()
}
