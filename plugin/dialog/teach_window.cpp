#include "teach_window.h"

#include <algorithm>

#include <gdk/gdkkeysyms.h>

#include "actions/profiles.h"
#include "actions/words.h"
#include "inspection.h"
#include "paragraph.h"
#include "toolkit.h"
#include "widgets.h"

namespace piaa::plugin {
namespace {

constexpr Size usual_size{980, 640};
constexpr int undo_response = 1;
constexpr int letters = 90;          ///< in a line
constexpr int measure_letters = 80;  ///< beside a bar

GtkWidget* new_button(const char* label, const char* tip, std::function<void()> work) {
    GtkWidget* button = gtk_button_new_with_mnemonic(label);
    explain(button, tip);
    on(button, "clicked", std::move(work));
    return button;
}

}  // namespace

TeachWindow::TeachWindow(GtkWindow* owner, DialogState& dialog, Host& host)
    : state_(dialog, host, [this] { show(); }),
      cards_({[this](std::size_t card) { state_.prefer(card); },
              [this](std::size_t from, std::size_t to) { state_.move(from, to); }}) {
    const bool of_user = listener_of(dialog.taught_profile()) == Listener::the_person;
    window_ = gtk_dialog_new_with_buttons(
        of_user ? tr("Teach it your taste") : tr("Teach it this person's taste"), owner, GTK_DIALOG_MODAL,
        tr("_Undo"), undo_response, tr("_Close"), GTK_RESPONSE_CLOSE, nullptr);
    on_key(window_, [this](unsigned key, bool down) { return down && press(key); });
    GtkWidget* column = new_column(8);
    gtk_container_set_border_width(GTK_CONTAINER(column), 12);
    question_ = new_paragraph(60, 1);
    pack(column, question_);
    // Not as a tip of the pictures, which it would cover.
    explain(question_,
            tr("Click on what you prefer; of five, drag each to its place. Keys: left and right arrow prefer "
               "of two, and choose of five; up and down move the chosen one; Enter takes the order; 1 to 5 "
               "rate one; S asks about others; Backspace takes the last answer back"));
    pack(column, cards_.widget(), true);
    pack(column, new_answers());
    pack(column, new_measures());
    answers_ = new_paragraph(letters, 1);
    pack(column, answers_);
    problem_ = new_paragraph(letters, 1);
    pack(column, problem_);
    gtk_box_pack_start(GTK_BOX(gtk_dialog_get_content_area(GTK_DIALOG(window_))), column, TRUE, TRUE, 0);
    const Size room = room_on_screen(window_);
    gtk_window_set_default_size(GTK_WINDOW(window_), std::min(usual_size.width, room.width - 40),
                                std::min(usual_size.height, room.height - 80));
    gtk_widget_show_all(window_);
    gtk_widget_grab_focus(cards_.widget());
    show();
}

TeachWindow::~TeachWindow() {
    gtk_widget_destroy(window_);
}

void TeachWindow::run() {
    while (gtk_dialog_run(GTK_DIALOG(window_)) == undo_response) state_.undo();
    gtk_widget_hide(window_);
    state_.end();
}

/// What can be said to a question, and which kind is asked.
GtkWidget* TeachWindow::new_answers() {
    GtkWidget* row = new_row(6);
    pair_answers_ = new_row(6);
    pack(pair_answers_, new_button(tr("_Left one"), tr("The left picture is better (left arrow key)"),
                                   [this] { state_.prefer(0); }));
    pack(pair_answers_, new_button(tr("_Right one"), tr("The right picture is better (right arrow key)"),
                                   [this] { state_.prefer(1); }));
    order_answers_ = new_button(tr("Take this or_der"), tr("The best is on the left (Enter key)"),
                                [this] { state_.take_order(); });
    star_answers_ = new_stars();
    skip_ =
        new_button(tr("_Skip"), tr("None is better: ask about others (key S)"), [this] { state_.skip(); });
    for (GtkWidget* answer : {pair_answers_, order_answers_, star_answers_, skip_}) pack(row, answer);
    gtk_box_pack_end(GTK_BOX(row), new_kinds(), FALSE, FALSE, 0);
    return row;
}

GtkWidget* TeachWindow::new_kinds() {
    GtkWidget* row = new_row(12);
    GtkWidget* first = nullptr;
    const auto add = [&](QuestionKind kind, const char* label, const char* tip) {
        GtkWidget* button = gtk_radio_button_new_with_mnemonic_from_widget(
            first != nullptr ? GTK_RADIO_BUTTON(first) : nullptr, label);
        if (first == nullptr) first = button;
        explain(button, tip);
        on(button, "toggled", [this, kind, button] {
            if (gtk_toggle_button_get_active(GTK_TOGGLE_BUTTON(button)) == FALSE) return;
            state_.choose(kind);
            show();
        });
        pack(row, button);
    };
    add(QuestionKind::pair, tr("_Two pictures"), tr("Which of two is better"));
    add(QuestionKind::order, tr("_Five in an order"),
        tr("Five pictures are dragged into an order; that tells as much as four answers"));
    add(QuestionKind::stars, tr("St_ars"),
        tr("One picture is given 1 to 5; five such ratings give an agreement"));
    return row;
}

GtkWidget* TeachWindow::new_stars() {
    GtkWidget* row = new_row(4);
    for (int stars = 1; stars <= 5; ++stars)
        pack(row,
             new_button(std::to_string(stars).c_str(), tr("5 is liked very much, 1 not at all (keys 1 to 5)"),
                        [this, stars] { state_.rate(stars); }));
    return row;
}

/// What was learned; moves with every answer.
GtkWidget* TeachWindow::new_measures() {
    GtkSizeGroup* labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
    Form form(labels);
    form.add(
        tr("Foreseen"),
        new_measure(foreseen_, tr("How many comparisons came out as the profile expected before it was told; "
                                  "half is chance, and what is asked is what it knows least")));
    form.add(tr("Agreement"),
             new_measure(agreement_, tr("How well the profile foretells ratings that it was not told (rank "
                                        "correlation, and in brackets what it lies between)")));
    form.add(
        tr("Trust"),
        new_measure(trust_,
                    tr("How much is known of the taste in these pictures, on average: with nothing known "
                       "they have everyone's score. Answers that agree with each other add to it")));
    g_object_unref(labels);  // the labels hold it
    return form.widget();
}

GtkWidget* TeachWindow::new_measure(Measure& measure, const char* tip) {
    GtkWidget* row = new_row(8);
    measure.bar = gtk_progress_bar_new();
    gtk_widget_set_size_request(measure.bar, 140, -1);
    explain(measure.bar, tip);
    pack(row, measure.bar);
    measure.text = new_paragraph(measure_letters, 1);
    explain(measure.text, tip);
    pack(row, measure.text, true);
    return row;
}

void TeachWindow::show_measure(const Measure& measure, double share, const std::string& text) {
    gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(measure.bar), std::clamp(share, 0.0, 1.0));
    set_text(measure.text, text);
}

/// Whether the key meant something.
bool TeachWindow::press(unsigned key) {
    if (key == GDK_KEY_BackSpace || key == GDK_KEY_u) {
        state_.undo();
        return true;
    }
    if (key == GDK_KEY_s) {
        state_.skip();
        return true;
    }
    if (state_.kind() == QuestionKind::order) return press_in_order(key);
    if (state_.kind() == QuestionKind::stars) return press_stars(key);
    if (key != GDK_KEY_Left && key != GDK_KEY_Right) return false;
    state_.prefer(key == GDK_KEY_Left ? 0 : 1);
    return true;
}

bool TeachWindow::press_in_order(unsigned key) {
    if (!state_.asks()) return false;
    const bool on_picture = gtk_window_get_focus(GTK_WINDOW(window_)) == cards_.widget();
    if (key == GDK_KEY_Left || key == GDK_KEY_Right)
        cards_.step(key == GDK_KEY_Left ? -1 : 1);
    else if (key == GDK_KEY_Up || key == GDK_KEY_Down)
        cards_.shift(key == GDK_KEY_Up ? -1 : 1);
    else if (on_picture && (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter))
        state_.take_order();
    else
        return false;
    return true;
}

bool TeachWindow::press_stars(unsigned key) {
    const unsigned first = key >= GDK_KEY_KP_1 && key <= GDK_KEY_KP_5 ? GDK_KEY_KP_1 : GDK_KEY_1;
    if (key < first || key > first + 4) return false;
    state_.rate(static_cast<int>(key - first) + 1);
    return true;
}

void TeachWindow::show() {
    if (window_ == nullptr) return;  // still being built
    const QuestionKind kind = state_.kind();
    cards_.show(state_.pictures(), kind == QuestionKind::order);
    set_text(question_, state_.question_text());
    set_text(answers_, state_.answers_text());
    show_measure(foreseen_, state_.foreseen(), state_.foreseen_text());
    show_measure(agreement_, state_.agreement(), state_.agreement_text());
    show_measure(trust_, state_.trust(), state_.trust_text());
    set_text(problem_, state_.problem_text());
    gtk_widget_set_visible(pair_answers_, kind == QuestionKind::pair);
    gtk_widget_set_visible(order_answers_, kind == QuestionKind::order);
    gtk_widget_set_visible(star_answers_, kind == QuestionKind::stars);
    for (GtkWidget* answer : {pair_answers_, order_answers_, star_answers_, skip_})
        gtk_widget_set_sensitive(answer, state_.asks());
    gtk_dialog_set_response_sensitive(GTK_DIALOG(window_), undo_response, state_.can_undo());
    if (!state_.asks()) return;
    g_debug("question shown");
    if (is_to_be_inspected()) inspect_soon(window_);
}

}  // namespace piaa::plugin
