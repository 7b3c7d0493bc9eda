//! Windows of one browser tell each other at once that they have the same order open, and that they have saved it. Where the browser
//! cannot do that, the server tells it a moment later.

use domain::ids::{OrderId, TabId};

/// What a window tells the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// The order is open here now; who has it open answers.
    Opened,
    /// So it is here.
    Here,
    /// Not any more.
    Left,
    /// It was saved here.
    Saved,
}

impl Said {
    const ALL: [Self; 4] = [Self::Opened, Self::Here, Self::Left, Self::Saved];

    fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Here => "here",
            Self::Left => "left",
            Self::Saved => "saved",
        }
    }
}

/// What was told, of which order, and by which window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub said: Said,
    pub order_id: OrderId,
    pub tab: TabId,
}

impl Message {
    fn written(self) -> String {
        format!("{} {} {}", self.said.word(), self.order_id, self.tab)
    }

    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let said = words.next()?;
        let said = Said::ALL.into_iter().find(|known| known.word() == said)?;
        Some(Self { said, order_id: words.next()?.parse().ok()?, tab: words.next()?.parse().ok()? })
    }
}

#[cfg(feature = "hydrate")]
pub(super) use in_browser::{listen, tell, this_tab};

#[cfg(feature = "hydrate")]
mod in_browser {
    use std::cell::OnceCell;

    use domain::ids::{OrderId, TabId};
    use leptos::prelude::{StoredValue, UpdateValue, on_cleanup};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{BroadcastChannel, MessageEvent};

    use super::{Message, Said};

    /// What the windows of one browser share.
    const CHANNEL: &str = "prodsys.orders";

    thread_local! {
        static TAB: OnceCell<TabId> = const { OnceCell::new() };
        static CHANNEL_HERE: OnceCell<Option<BroadcastChannel>> = const { OnceCell::new() };
    }

    /// By what this window is told from others.
    pub fn this_tab() -> TabId {
        TAB.with(|tab| *tab.get_or_init(new_tab))
    }

    /// A number; chance is good enough for that.
    fn new_tab() -> TabId {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the product is at least 0 and below 2^32"
        )]
        let part = || (js_sys::Math::random() * 4_294_967_296.0) as u32;
        let text = format!("{:08x}{:08x}{:08x}{:08x}", part(), part(), part(), part());
        text.parse().unwrap_or_else(|_| TabId(Default::default()))
    }

    /// The one channel of this window. An old browser has none.
    fn channel() -> Option<BroadcastChannel> {
        CHANNEL_HERE.with(|channel| channel.get_or_init(|| BroadcastChannel::new(CHANNEL).ok()).clone())
    }

    /// Tells the other windows of this browser.
    pub fn tell(said: Said, order_id: OrderId) {
        let message = Message { said, order_id, tab: this_tab() };
        if let Some(channel) = channel() {
            let _ = channel.post_message(&message.written().into());
        }
    }

    /// Hears the other windows for as long as the calling component is there.
    pub fn listen(hear: impl Fn(Message) + 'static) {
        let Some(channel) = channel() else { return };
        let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let message = event.data().as_string().and_then(|text| Message::read(&text));
            if let Some(message) = message.filter(|message| message.tab != this_tab()) {
                hear(message);
            }
        });
        let is_heard =
            channel.add_event_listener_with_callback("message", listener.as_ref().unchecked_ref()).is_ok();
        if !is_heard {
            return;
        }
        let kept = StoredValue::new_local(Some((channel, listener)));
        on_cleanup(move || {
            if let Some((channel, listener)) = kept.try_update_value(Option::take).flatten() {
                let _ =
                    channel.remove_event_listener_with_callback("message", listener.as_ref().unchecked_ref());
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for said in Said::ALL {
            let message =
                Message { said, order_id: OrderId(Default::default()), tab: TabId(Default::default()) };
            assert_eq!(Message::read(&message.written()), Some(message));
        }
        for text in ["", "saved", "sold 1 2", "saved x y"] {
            assert_eq!(Message::read(text), None, "{text}");
        }
    }
}
