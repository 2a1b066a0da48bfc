#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <piaa/lesson.h>

#include "actions/dialog_state.h"
#include "actions/photo_reader.h"

namespace piaa::plugin {

/// The window "Teach it" without its widgets: looks at parts of the photo and at the other open images, asks
/// which is preferred, and every answer is in the profile's file before the next question is shown. The
/// engine works in the dialog's thread; everything here is called from the main thread.
class TeachState {
public:
    /// Begins as soon as the dialog is ready. changed: called when something new can be shown.
    TeachState(DialogState& dialog, Host& host, std::function<void()> changed);
    ~TeachState();
    TeachState(const TeachState&) = delete;
    TeachState& operator=(const TeachState&) = delete;

    /// The dialog has something new to say.
    void proceed();
    void choose(QuestionKind kind);
    QuestionKind kind() const { return kind_; }

    /// Whether a question is shown and waits for its answer.
    bool asks() const { return !busy_ && !shown_.empty(); }
    /// What is asked about, from left to right; empty when there is no question.
    std::vector<const Image*> pictures() const;
    /// Of a pair the left (0) or the right (1) one.
    void prefer(std::size_t side);
    /// Puts a picture of an order at another place.
    void move(std::size_t from, std::size_t to);
    /// The order is as it should be.
    void take_order();
    /// What one picture is given, 1 to 5.
    void rate(int stars);
    void skip();
    void undo();
    bool can_undo() const { return !busy_ && progress_.answers > 0; }
    /// Ends: the dialog goes on with what was learned.
    void end();

    std::string question_text() const;
    std::string answers_text() const;
    // What was learned, and how the last answer moved it.
    std::string foreseen_text() const;
    std::string agreement_text() const;
    std::string trust_text() const;
    std::string problem_text() const { return problem_; }
    double foreseen() const;   ///< share of comparisons; 0 before the first
    double agreement() const;  ///< 0 where it cannot be told
    double trust() const { return progress_.trust; }

private:
    /// What the engine's thread keeps of the lesson.
    struct Room {
        std::optional<Prior> prior;
        std::vector<LessonPhoto> photos;
        std::optional<Lesson> lesson;
    };
    using Then = std::function<void()>;
    /// What is known of the lesson by the main thread, brought up to date by this.
    struct News {
        QuestionKind kind;
        std::vector<std::size_t> question;
        LessonProgress progress;
    };

    void in_engine(std::function<Then(Session&)> work);
    void begin();
    void look_on();
    void look_at_part(const PixelBox& box);
    void look_at_other();
    void read_on();
    void look_at(const Image& picture, std::function<Features(Session&)> see);
    void begin_questions();
    void ask(std::function<void(Session&)> change = {});
    void answer(int stars);
    void take(const News& news);
    void fail(const std::string& why);

    DialogState& dialog_;
    Host& host_;
    std::function<void()> changed_;
    QuestionKind kind_ = QuestionKind::pair;
    boost::filesystem::path profile_;
    std::deque<PixelBox> parts_;  ///< still to be looked at
    std::deque<std::unique_ptr<Host>> others_;
    std::optional<PhotoReader> reader_;  ///< of the first of them
    std::size_t looked_at_ = 0;
    std::size_t to_look_at_ = 0;
    std::vector<Image> pictures_;     ///< by place in the lesson
    std::vector<std::size_t> shown_;  ///< places, from left to right
    LessonProgress progress_;
    LessonProgress earlier_;  ///< before the last answer, or before it was taken back
    std::string problem_;
    bool begun_ = false;
    bool asking_ = false;  ///< the lesson has begun
    bool busy_ = true;
    bool has_answered_ = false;
    std::shared_ptr<Room> room_ = std::make_shared<Room>();  ///< the engine's thread's
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace piaa::plugin
