// How the dialog's state gets at the photo's pixels: in strips, between the window's events.

#include "actions/dialog_state.h"
#include "actions/texts.h"
#include "actions/words.h"

namespace piaa::plugin {

/// Another choice of what is judged: the photo is read anew where it is another one then.
void DialogState::look_again(Settings& wanted) {
    const bool visible = judges_visible();
    wanted.keep.clear();
    wanted = looked_at(host_, wanted);
    if (drawn_) wanted.keep.push_back(*drawn_);
    settings_.source = wanted.source;
    if (host_.photo() == photo_ && judges_visible() == visible) return;
    photo_ = host_.photo();
    if (drawn_) wanted.keep.pop_back();  // it was a part of the photo before
    drawn_.reset();
    ++round_;
    picture_.reset();
    reader_.reset();
    try {
        check_photo(host_);
    } catch (const Error& error) {
        return fail(sentence(error.what()), Failure::photo);
    }
    view_.reset();
    failure_ = Failure::none;
    status_ = tr("Reading the photo…");
    waiting_ = true;
    enqueue([&](Request& request) {
        request.settings = wanted;
        request.photo = size_of(photo_);
        request.picture.reset();
        request.round = round_;
    });
}

void DialogState::start_reading(Size needed) {
    const bool reading = reader_.has_value();
    reader_.emplace(size_of(photo_), needed);
    if (!reading) post_to_ui([this] { read_on(); });
}

void DialogState::read_on() try {
    if (!reader_) return;  // something else is to be judged by now
    if (reader_->read_some(host_)) {
        post_to_ui([this] { read_on(); });
        return;
    }
    const Image picture = reader_->picture();
    const Image detail = reader_->detail();
    reader_.reset();
    picture_ = detail;
    if (!failed()) status_ = tr("Looking at the photo…");
    enqueue([&](Request& request) {
        request.picture = picture;
        request.detail = detail;
    });
    changed_();
} catch (const Error& error) {
    reader_.reset();
    fail(sentence(error.what()), Failure::engine);
}

}  // namespace piaa::plugin
