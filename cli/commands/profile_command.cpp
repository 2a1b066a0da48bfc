#include "commands/profile_command.h"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <memory>
#include <optional>
#include <ostream>

#include <CLI/CLI.hpp>
#include <boost/filesystem/operations.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <piaa/anonymous_profile.h>
#include <piaa/attribute_preferences.h>
#include <piaa/base_model.h>
#include <piaa/piaa.h>

#include "console/counted.h"
#include "console/escape.h"
#include "console/exit_code.h"
#include "console/say.h"
#include "feedback/answers.h"
#include "feedback/opinions_kept.h"
#include "report/attribute_words.h"
#include "report/profile_record.h"
#include "run/photo_options.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

constexpr std::size_t most_likes = 6;  // said in words; JSON has all

std::string day(std::int64_t time) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(time)));
}

std::string number(double value, bool with_sign = false, int digits = 2) {
    const std::string text =
        with_sign ? fmt::format("{:+.{}f}", value, digits) : fmt::format("{:.{}f}", value, digits);
    return text == "-0.00" ? "0.00" : text;
}

std::string many(std::size_t count, const std::string& one) {
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

struct Source {
    std::size_t ratings = 0;
    std::size_t comparisons = 0;
    std::int64_t first = 0;
    std::int64_t last = 0;
};

Source source_of(const UserProfile& profile) {
    Source source;
    for (const auto& event : profile.events()) {
        ++(event.kind == FeedbackKind::rating ? source.ratings : source.comparisons);
        source.first = source.first == 0 ? event.time : std::min(source.first, event.time);
        source.last = std::max(source.last, event.time);
    }
    return source;
}

/// What can be said of a person: taste in attributes, and along the style axes by name.
struct Portrait {
    std::vector<AttributePreference> likes;
    std::vector<std::pair<std::string, StylePreference>> styles;
};

/// The prior with style axes beside the model's own; none where none is shipped.
std::optional<Prior> shipped_style(const Model& model) {
    try {
        return load_prior(model, "pa");
    } catch (const Error&) {
        return {};  // attributes alone then
    }
}

Portrait portray(const ProfileOptions& options, const UserProfile& profile, std::ostream& err) {
    try {
        std::optional<Prior> prior;
        std::optional<Prior> style;
        if (!options.prior.empty()) {
            prior = load_prior(options.prior);
        } else {
            const Model model = options.model.empty() ? load_base_model(profile) : load_model(options.model);
            require_base_model(profile, model);
            prior = load_prior(model, profile.learned().method);
            style = shipped_style(model);
        }
        if (prior->style() != nullptr) style = prior;
        Portrait portrait{attribute_preferences(*prior, profile), {}};
        if (style)
            for (const auto& like : style_preferences(*prior, profile, *style))
                portrait.styles.emplace_back(style_axis_name(*style, like.axis), like);
        return portrait;
    } catch (const Error& error) {
        err << "piaa-batch: what this person likes cannot be told: " << printable(error.what()) << '\n';
        return {};
    }
}

void tell_source(const UserProfile& profile, std::ostream& out) {
    const Source source = source_of(profile);
    out << "Learned from ";
    if (source.ratings > 0 || source.comparisons == 0) out << many(source.ratings, "rating");
    if (source.ratings > 0 && source.comparisons > 0) out << " and ";
    if (source.comparisons > 0) out << many(source.comparisons, "comparison");
    out << " of " << many(profile.rows().size(), "photo");
    if (source.last > 0) {
        const std::string first = day(source.first), last = day(source.last);
        out << ", " << (first == last ? "on " + first : "from " + first + " to " + last);
    }
    out << ".\n";
}

void tell_agreement(const Agreement& agreement, std::ostream& out) {
    out << "On ratings held out of learning its ranking agrees with this person by "
        << number(agreement.value) << " (95 % interval " << number(agreement.low) << " to "
        << number(agreement.high) << "; 1 is perfect, 0 is chance).\n"
        << "That is " << number(agreement.gain, true) << " against the generic score ("
        << number(agreement.gain_low, true) << " to " << number(agreement.gain_high, true) << ")";
    if (agreement.gain_low > 0)
        out << ": better.\n";
    else if (agreement.gain_high < 0)
        out << ": worse.\n";
    else
        out << ": too close to call yet.\n";
}

void tell_gate(const Learned& learned, std::ostream& out) {
    if (const auto gate = learned.numbers.find("gate"); gate != learned.numbers.end()) {
        if (gate->second <= 0)
            out << "It is held back: its gain is not there, so the generic score is given.\n";
        else if (gate->second >= 0.995)
            out << "What was learned counts in full; how much is known of a photo yet is its trust.\n";
        else
            out << "The ratings support " << std::lround(100 * gate->second)
                << " % of what was learned; so far it moves scores away from the generic ones.\n";
    }
    if (const auto more = learned.numbers.find("ten_more"); more != learned.numbers.end())
        out << "Ten more ratings would likely add " << number(more->second, true, 3)
            << " to the agreement.\n";
}

void tell_styles(const Portrait& portrait, std::ostream& out) {
    for (const auto& [name, like] : portrait.styles)
        if (like.significant())
            out << (like.effect > 0 ? "Leans towards " : "Leans away from ") << name << ": "
                << number(like.effect, true) << ".\n";
    if (!portrait.styles.empty())
        out << "(Style axes describe the look of photos, learned from few and weak labels; they say nothing "
               "of who you are.)\n";
}

void tell_likes(const std::vector<AttributePreference>& likes, std::ostream& out) {
    if (likes.empty()) return;
    if (std::all_of(likes.begin(), likes.end(),
                    [](const AttributePreference& like) { return like.deviation <= 0; })) {
        out << "This method does not say how sure it is, so no likes and dislikes are told.\n";
        return;
    }
    std::size_t told = 0;
    for (const auto& like : likes) {
        if (!like.significant() || told == most_likes) continue;
        const AttributeWords& words = words_of(like.attribute);
        out << (told++ == 0 ? "Likes more than others do: " : ", ")
            << (like.effect > 0 ? words.much : words.little) << " (" << number(std::abs(like.effect), true)
            << ")";
    }
    if (told == 0)
        out << "Nothing stands out yet that this person likes more or less than others do.\n";
    else
        out << ".\n(In points from 1 to 10, for a photo that clearly has more of it than most.)\n";
}

void tell(const UserProfile& profile, const Portrait& portrait, std::ostream& out) {
    const Learned& learned = profile.learned();
    tell_source(profile, out);
    if (learned.method.empty()) out << "Nothing has been learned from them yet.\n";
    if (learned.agreement) tell_agreement(*learned.agreement, out);
    tell_gate(learned, out);
    if (const auto stars = stars_in_words(profile); !stars.empty()) out << "Its " << stars << ".\n";
    tell_likes(portrait.likes, out);
    tell_styles(portrait, out);
    if (profile.traits())
        out << "A questionnaire's answers are in it; adapt --update FILE --forget-questionnaire takes them "
               "out.\n";
    out << "Base model: " << printable(profile.base().name) << ", sha256 " << printable(profile.base().hash)
        << ".\n";
    if (!learned.method.empty()) out << "Method: " << printable(learned.method) << ".\n";
}

Json as_json(const ProfileOptions& options, const UserProfile& profile, const Portrait& portrait) {
    Json json = {{"path", percent_escaped(options.file.string())}};
    json.update(profile_record(profile));
    json["likes"] = Json::array();
    for (const auto& like : portrait.likes)
        json["likes"].push_back({{"attribute", attribute_name(like.attribute)},
                                 {"effect", like.effect},
                                 {"deviation", like.deviation},
                                 {"clear", like.significant()}});
    json["style_axes"] = Json::array();
    for (const auto& [name, like] : portrait.styles)
        json["style_axes"].push_back({{"axis", like.axis + 1},
                                      {"name", name},
                                      {"effect", like.effect},
                                      {"deviation", like.deviation},
                                      {"clear", like.significant()}});
    return json;
}

void export_anonymous(const ProfileOptions& options, const UserProfile& profile, std::ostream& err) {
    boost::system::error_code ignored;
    if (boost::filesystem::equivalent(options.file, options.output, ignored))
        throw Error(ErrorCode::bad_argument, options.output.string() +
                                                 ": is the profile itself, which would "
                                                 "lose what it knows of its photos");
    const UserProfile exported = anonymous(profile);
    const ProfileLock lock(options.output);
    require_opinions_kept(options.output, exported, false, "name another file with --output");
    save_profile(options.output, exported);
    err << "piaa-batch: " << printable(options.output.string()) << ": dropped the content ids of "
        << counted(profile.rows().size(), "photo")
        << ", all times, the order of ratings and the questionnaire's answers; profiles hold no file names. "
           "It "
           "scores as before; for each photo a rating and some numbers of its looks are still in it\n";
}

}  // namespace

CLI::App& add_profile_command(CLI::App& app, std::function<void(const ProfileOptions&)> run) {
    auto* command = app.add_subcommand("profile", "What was learned of a person");
    command->require_subcommand(1);
    auto* show = command->add_subcommand("show", "Say in plain words what a profile holds");
    auto options = std::make_shared<ProfileOptions>();
    const auto as_path = [](boost::filesystem::path& path) {
        return [&path](const std::string& text) { path = text; };
    };
    show->add_option_function<std::string>("PROFILE", as_path(options->file), "A profile, such as me.pt")
        ->required()
        ->type_name("");
    show->add_option("--model", options->model, "The profile's model, if it is not a shipped one")
        ->type_name("MODEL");
    let_settings_give_way(*show, "PROFILE");
    show->add_option_function<std::string>("--prior", as_path(options->prior),
                                           "The prior it was learned with, if not the shipped one")
        ->type_name("FILE");
    show->add_option_function<std::string>(
            "--format", [options](const std::string& format) { options->json = format == "json"; },
            "text or json")
        ->check(CLI::IsMember({"text", "json"}));
    show->callback([options, run] { run(*options); });
    command
        ->add_subcommand("questions", "Twenty statements to answer, as a CSV table for adapt --questionnaire")
        ->callback([options, run] {
            options->questions = true;
            run(*options);
        });
    auto* give = command->add_subcommand(
        "export", "Write a profile for somebody else, in which nothing leads to the photos");
    give->add_option_function<std::string>("PROFILE", as_path(options->file), "A profile, such as me.pt")
        ->required()
        ->type_name("");
    give->add_flag("--anonymous", options->anonymous,
                   "Without content ids, times and the questionnaire's answers")
        ->required();
    give->add_option_function<std::string>("--output,-o", as_path(options->output), "The profile to write")
        ->required()
        ->type_name("FILE");
    give->callback([options, run] { run(*options); });
    return *command;
}

int run_profile(const ProfileOptions& options, std::ostream& out, std::ostream& err) {
    if (options.questions) {
        write_questions(out);
        err << "piaa-batch: answer from 1 (very inaccurate) to 5 (very accurate); the answers stay on this "
               "machine\n";
        return done;
    }
    try {
        const UserProfile profile = load_profile(options.file);
        if (options.anonymous) {
            export_anonymous(options, profile, err);
            return done;
        }
        const Portrait portrait =
            profile.learned().method.empty() ? Portrait() : portray(options, profile, err);
        if (options.json)
            out << as_json(options, profile, portrait).dump(2) << '\n';
        else
            tell(profile, portrait, out);
        return done;
    } catch (const Error& error) {
        say(err, error.what());
        return exit_code_at_start(error);
    }
}

}  // namespace piaa::cli
