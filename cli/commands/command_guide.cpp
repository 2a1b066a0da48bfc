#include "commands/command_guide.h"

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace piaa::cli {
namespace {

struct Guide {
    std::string command;  ///< its words behind piaa-batch
    std::string heading;  ///< of the list of commands; of a part of a command nothing
    std::string example;
};

const std::string photos = "Photos", taste = "Taste", shipped = "What is at hand", research = "Research";

const std::vector<Guide> guides{
    {"score", photos, "piaa-batch score ~/Pictures --user me.pt --sort score --top 20"},
    {"crop", photos, "piaa-batch crop photo.jpg --preset square --into crops"},
    {"explain", photos, "piaa-batch explain photo.jpg --into maps"},
    {"pick", photos, "piaa-batch pick ~/Pictures/wedding --cover 9"},
    {"similar", photos, "piaa-batch similar photo.jpg ~/Pictures --top 20"},
    {"serve", photos, "piaa-batch serve --listen 127.0.0.1:8077 --root ~/Pictures"},
    {"undo", photos, "piaa-batch undo --last"},
    {"adapt", taste, "piaa-batch adapt --ratings ratings.csv --images ~/Pictures --output me.pt"},
    {"rate", taste, "piaa-batch rate ~/Pictures --output rate.html"},
    {"teach", taste, "piaa-batch teach ~/Pictures --user me.pt"},
    {"suggest", taste, "piaa-batch suggest ~/Pictures --user me.pt"},
    {"profile", taste, "piaa-batch profile show me.pt"},
    {"profile show", "", "piaa-batch profile show me.pt --format json"},
    {"profile compare", "", "piaa-batch profile compare ann.pt ben.pt --images ~/Pictures"},
    {"profile export", "", "piaa-batch profile export me.pt --anonymous --output give-away.pt"},
    {"profile questions", "", "piaa-batch profile questions > answers.csv"},
    {"preset", shipped, "piaa-batch preset list"},
    {"preset list", "", "piaa-batch preset list --format csv"},
    {"preset show", "", "piaa-batch preset show square > ~/.config/piaa/presets/mine.json"},
    {"model", shipped, "piaa-batch model list"},
    {"model list", "", "piaa-batch model list"},
    {"model info", "", "piaa-batch model info best"},
    {"model verify", "", "piaa-batch model verify"},
    {"cache", shipped, "piaa-batch cache info"},
    {"cache info", "", "piaa-batch cache info"},
    {"cache clear", "", "piaa-batch cache clear"},
    {"cache merge", "", "piaa-batch cache merge --cache all.sqlite worker-*.sqlite"},
    {"merge", shipped, "piaa-batch merge part-*.csv --images ~/Pictures --output all.csv"},
    {"train", research,
     "piaa-batch train prior --images photos --ratings many.csv --output prior.safetensors"},
    {"train crop", "", "piaa-batch train crop photos --output crop.safetensors"},
    {"train distil", "",
     "piaa-batch train distil photos --teacher best --student network.safetensors --output "
     "taught.safetensors"},
    {"train familiarity", "",
     "piaa-batch train familiarity --images photos --ratings many.csv --groups photos.csv --kind-column "
     "category --output familiarity.safetensors"},
    {"train generic", "",
     "piaa-batch train generic --images photos --ratings many.csv --backbone network.safetensors --output "
     "mine.safetensors"},
    {"train kinds", "",
     "piaa-batch train kinds photos --graphics drawn --screenshots screens --output kinds.safetensors"},
    {"train places", "", "piaa-batch train places photos --output places.safetensors"},
    {"train prior", "",
     "piaa-batch train prior --images photos --ratings many.csv --output prior.safetensors"},
    {"train pa", "",
     "piaa-batch train pa --images photos --ratings many.csv --liked liked.csv --output pa.safetensors"},
    {"train mt", "", "piaa-batch train mt --images photos --ratings many.csv --output mt.safetensors"},
    {"train blg", "", "piaa-batch train blg --images photos --ratings many.csv --output blg.safetensors"},
    {"evaluate", research, "piaa-batch evaluate personal --images photos --ratings many.csv"},
    {"evaluate agreement", "", "piaa-batch evaluate agreement --ratings many.csv"},
    {"evaluate crop", "", "piaa-batch evaluate crop --images photos --crops crops.csv"},
    {"evaluate generic", "", "piaa-batch evaluate generic --protocol ava --ratings AVA --images AVA/images"},
    {"evaluate personal", "",
     "piaa-batch evaluate personal --images photos --ratings many.csv --methods auto,ridge --k 10,50"},
};

}  // namespace

void add_guide(CLI::App& app) {
    for (const Guide& guide : guides) {
        CLI::App* command = &app;
        for (const std::string& word : CLI::detail::split(guide.command, ' '))
            command = command->get_subcommand(word);
        if (!guide.heading.empty()) command->group(guide.heading);
        command->footer("Example:\n  " + guide.example);
    }
    app.footer("Example:\n  piaa-batch score ~/Pictures --sort score --top 20");
}

}  // namespace piaa::cli
