//! A reply that broke off, taken up again where its endpoint can say it once more from the beginning.

use natter_protocol::request::Role;

use crate::model::failure::{Failure, FailureKind};
use crate::model::state::{Phase, State};
use crate::model::thread::Thread;

/// How often in a row a reply is asked for again when that brings nothing new.
const IN_VAIN: u32 = 3;

impl State {
    /// The thread as it is to be stored: with the answer that is not whole, which a page that comes later may get.
    #[must_use]
    pub fn stored_thread(&self) -> Thread {
        let unfinished = match self.phase {
            Phase::Sending(_) | Phase::Streaming(_) => true,
            // Nobody is at work on what was not asked yet.
            Phase::Waiting(_) => self.turn.resumes > 0,
            Phase::Failed(..) => self.turn.partial || self.thread.resumable && self.is_last_asked(),
            Phase::Idle => false,
        };
        let unfinished = if unfinished { self.turn.reply_id.clone() } else { String::new() };
        Thread { unfinished, ..self.thread.clone() }
    }

    /// Takes up the turn that was going on when the conversation was stored: from the tab that has it, if there is one.
    /// Otherwise its reply is asked for again, or else its answer shows as cut off.
    pub(super) fn take_up(&mut self) {
        let reply_id = std::mem::take(&mut self.thread.unfinished);
        let Some(last) = self.messages.last().filter(|last| last.id == reply_id || last.role == Role::User) else {
            return;
        };
        if reply_id.is_empty() {
            return;
        }
        let (begun, heard) = (!last.content.is_empty() && last.id == reply_id, last.content.len());
        let question = self.messages.iter().rfind(|message| message.role == Role::User);
        let asked_at = question.map_or(0, |question| question.timestamp);
        self.begin_turn(reply_id, asked_at);
        self.turn.replaced = usize::MAX;
        self.turn.joined = self.rules.shares;
        if self.turn.joined || self.thread.resumable {
            self.turn.anew = true;
            self.turn.resumes = u32::from(!self.turn.joined);
            if begun {
                self.turn.heard = heard;
                if let Phase::Sending(turn) = self.phase {
                    self.phase = Phase::Streaming(turn);
                }
            }
        } else {
            self.end_turn(Phase::Idle);
            if begun {
                self.phase =
                    Phase::Failed(self.turn.id, Failure::cut_off(FailureKind::Broken, self.rules.strings.cut_off()));
            }
        }
    }

    /// Whether the reply that broke off is asked for again, in a moment: as a page goes, its connections break too.
    pub(super) fn resumes(&mut self, failure: &Failure) -> bool {
        let resumes = failure.kind == FailureKind::Broken && self.thread.resumable && self.turn.in_vain < IN_VAIN;
        if resumes {
            self.turn.in_vain += 1;
            self.turn.broken = true;
        }
        resumes
    }

    /// More than ever of the answer is there: asking again was not in vain.
    pub(super) fn listen(&mut self) {
        let length = self.reply().map_or(0, |reply| reply.content.len());
        if length > self.turn.heard {
            self.turn.heard = length;
            self.turn.in_vain = 0;
            self.turn.known = false;
        }
    }

    pub(super) fn ask_again(&mut self) {
        self.turn.broken = false;
        self.turn.joined = false;
        self.turn.resumes += 1;
        // What is there stays until the first word of it comes again.
        self.turn.anew = true;
    }
}
