//! What a page asks the server for.
//!
//! A `Resource` is compiled once for each type that it holds, and that was a third of what a phone had to load. So all pages share one
//! `Resource` of one type, which keeps the answer without its type; [`PageData`] gives it back with it. Answers travel in the page as
//! plain JSON, and are read by the same reader as answers of server functions.

use std::any::Any;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use domain::errors::ErrorCode;
use leptos::prelude::*;
use leptos::server::codee::{Decoder, Encoder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::AppError;
use crate::live::Asked;

/// An answer that says so itself when it cannot be read, as after an update of the server while the page was open.
pub trait PageAnswer: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    fn unreadable() -> Self;
}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> PageAnswer for Result<T, AppError> {
    fn unreadable() -> Self {
        Err(AppError::from(ErrorCode::Internal))
    }
}

impl<T: PageAnswer> PageAnswer for Asked<T> {
    fn unreadable() -> Self {
        Self { after: 0, answer: T::unreadable() }
    }
}

/// An answer without its type.
#[derive(Clone)]
enum Untyped {
    /// As it stood in the page.
    Text(Arc<str>),
    /// As it came, and how it is written into the page.
    Value(Arc<dyn Any + Send + Sync>, fn(&dyn Any) -> String),
}

impl Untyped {
    fn of<T: PageAnswer>(answer: T) -> Self {
        Self::Value(Arc::new(answer), |answer| {
            answer
                .downcast_ref::<T>()
                .and_then(|answer| serde_json::to_string(answer).ok())
                .unwrap_or_default()
        })
    }

    fn typed<T: PageAnswer>(&self) -> T {
        let answer = match self {
            Self::Text(text) => serde_json::from_slice(text.as_bytes()).ok(),
            Self::Value(answer, _) => answer.downcast_ref::<T>().cloned(),
        };
        answer.unwrap_or_else(T::unreadable)
    }
}

/// How answers stand in the page.
struct InPage;

impl Encoder<Untyped> for InPage {
    type Error = std::convert::Infallible;
    type Encoded = String;

    fn encode(answer: &Untyped) -> Result<String, Self::Error> {
        Ok(match answer {
            Untyped::Text(text) => text.to_string(),
            Untyped::Value(answer, write) => write(&**answer),
        })
    }
}

impl Decoder<Untyped> for InPage {
    type Error = std::convert::Infallible;
    type Encoded = str;

    fn decode(text: &str) -> Result<Untyped, Self::Error> {
        Ok(Untyped::Text(text.into()))
    }
}

/// What an answer depends on, without its type: it is asked for again when this changes.
#[derive(Clone)]
struct Source(Arc<dyn Any + Send + Sync>, fn(&dyn Any, &dyn Any) -> bool);

impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        (self.1)(&*self.0, &*other.0)
    }
}

fn same<S: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<S>() == other.downcast_ref::<S>()
}

type Ask = Box<dyn Fn(Source) -> Pin<Box<dyn Future<Output = Untyped> + Send>> + Send + Sync>;

/// What a page asks the server for; awaited inside a `Suspend`.
pub struct PageData<T> {
    resource: Resource<Untyped, InPage>,
    answer: PhantomData<fn() -> T>,
}

impl<T> Clone for PageData<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for PageData<T> {}

impl<T: PageAnswer> PageData<T> {
    /// Asks now, and again whenever the source changes. On the server the answer is written into the page.
    pub fn new<S, Answer>(
        source: impl Fn() -> S + Send + Sync + 'static,
        ask: impl Fn(S) -> Answer + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        Answer: Future<Output = T> + Send + 'static,
    {
        Self::with(source, ask, false)
    }

    /// The same, and nothing of the page is sent before the answer is there.
    pub fn new_blocking<S, Answer>(
        source: impl Fn() -> S + Send + Sync + 'static,
        ask: impl Fn(S) -> Answer + Send + Sync + 'static,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        Answer: Future<Output = T> + Send + 'static,
    {
        Self::with(source, ask, true)
    }

    fn with<S, Answer>(
        source: impl Fn() -> S + Send + Sync + 'static,
        ask: impl Fn(S) -> Answer + Send + Sync + 'static,
        blocking: bool,
    ) -> Self
    where
        S: PartialEq + Clone + Send + Sync + 'static,
        Answer: Future<Output = T> + Send + 'static,
    {
        let source = Box::new(move || Source(Arc::new(source()), same::<S>));
        let ask = Box::new(move |Source(source, _): Source| {
            let asked = source.downcast_ref::<S>().cloned().map(&ask);
            let answer = async move {
                match asked {
                    Some(answer) => Untyped::of(answer.await),
                    None => Untyped::of(T::unreadable()),
                }
            };
            Box::pin(answer) as Pin<Box<dyn Future<Output = Untyped> + Send>>
        });
        Self { resource: resource(source, ask, blocking), answer: PhantomData }
    }

    /// Runs again whatever asks this, whenever an answer has come.
    pub fn track(&self) {
        self.resource.track();
    }

    /// Asks again although nothing changed.
    pub fn refetch(&self) {
        self.resource.refetch();
    }

    /// The answer that is there by now.
    pub fn get_untracked(&self) -> Option<T> {
        self.resource.get_untracked().map(|answer| answer.typed())
    }
}

/// A part of a page that is there when its answers are.
///
/// Before a part is rendered on the server its futures are polled once, to find what else it asks for, and again after each answer; whatever
/// they make is thrown away. A part that was ready by then made its own parts several times: each asked the database anew, and which of
/// them wrote its answer into the page was a race. So nothing is made at the first look; the browser, which looks once, makes it then.
pub fn suspend<V: 'static>(part: impl Future<Output = V> + Send + 'static) -> Suspend<V> {
    #[cfg(feature = "ssr")]
    let part = async move {
        second_look().await;
        part.await
    };
    Suspend::new(part)
}

#[cfg(feature = "ssr")]
fn second_look() -> impl Future<Output = ()> {
    let mut is_first = true;
    std::future::poll_fn(move |context| {
        if std::mem::take(&mut is_first) {
            context.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(())
    })
}

/// The one place where a `Resource` of pages is made.
fn resource(
    source: Box<dyn Fn() -> Source + Send + Sync>,
    ask: Ask,
    blocking: bool,
) -> Resource<Untyped, InPage> {
    Resource::new_with_options(source, ask, blocking)
}

impl<T: PageAnswer> IntoFuture for PageData<T> {
    type Output = T;
    type IntoFuture = Pin<Box<dyn Future<Output = T> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let answer = self.resource.into_future();
        #[cfg(feature = "hydrate")]
        let part = crate::taking_over::Part::new();
        Box::pin(async move {
            let answer = answer.await.typed();
            #[cfg(feature = "hydrate")]
            drop(part);
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_from_the_page_as_it_was() {
        let answer: Result<Vec<String>, AppError> = Ok(vec!["Skrue \"M8\" <b>".to_owned()]);
        let written = InPage::encode(&Untyped::of(answer.clone())).unwrap();
        assert_eq!(written, r#"{"Ok":["Skrue \"M8\" <b>"]}"#);
        assert_eq!(InPage::decode(&written).unwrap().typed::<Result<Vec<String>, AppError>>(), answer);
        let refused: Result<Vec<String>, AppError> = Err(AppError::from(ErrorCode::NotFound));
        assert_eq!(Untyped::of(refused.clone()).typed::<Result<Vec<String>, AppError>>(), refused);
        assert_eq!(Untyped::Text("{".into()).typed::<Result<u8, AppError>>(), Result::<u8, _>::unreadable());
    }

    #[test]
    fn sources_are_compared_by_their_values() {
        let of = |value: i64| Source(Arc::new(value), same::<i64>);
        assert!(of(1) == of(1) && of(1) != of(2));
    }
}
