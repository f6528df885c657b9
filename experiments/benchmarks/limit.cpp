// The comparison work as a bare event loop: what a processor can do at most, with draws of its own.
// Usage, the numbers being those of work.py:
// limit BY REQUESTS ROWS SEED RATE PATIENCE REWORK LOG_SPREAD CLASS_SHARE PEOPLE STEPS LOG_MEANS... FACTORS...
// Prints: seconds, requests, resolved, sum of response times, rows.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <queue>
#include <vector>

struct Random {
    uint64_t state;
    bool spare = false;
    double kept = 0.0;
    uint64_t next() {
        uint64_t z = (state += 0x9E3779B97F4A7C15ull);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
        return z ^ (z >> 31);
    }
    double uniform() { return (double)(next() >> 11) * 0x1.0p-53; }
    double exponential(double mean) { return -mean * std::log1p(-uniform()); }
    double normal() {  // polar method
        if (spare) { spare = false; return kept; }
        double x, y, r;
        do { x = 2 * uniform() - 1; y = 2 * uniform() - 1; r = x * x + y * y; } while (r >= 1 || r == 0);
        double scale = std::sqrt(-2 * std::log(r) / r);
        kept = y * scale; spare = true;
        return x * scale;
    }
};

struct Request { double arrival, deadline, factor, queued; int step, group, level; };
struct Row { int request, step; double queued, start, end; };
struct Completion { double time; int request, department; double start; };
struct Later { bool operator()(const Completion& a, const Completion& b) const { return a.time > b.time; } };
struct Line { std::vector<int> items; size_t head = 0; };

int main(int count, char** words) {
    if (count < 12) { std::fprintf(stderr, "see the head of limit.cpp\n"); return 2; }
    const bool by_function = !std::strcmp(words[1], "function");
    const int requests = std::atoi(words[2]);
    const bool rows_wanted = std::atoi(words[3]) != 0;
    Random random{(uint64_t)std::atoll(words[4])};
    const double gap = 1 / std::atof(words[5]), patience = std::atof(words[6]), rework = std::atof(words[7]);
    const double spread = std::atof(words[8]), share = std::atof(words[9]);
    const int people = std::atoi(words[10]), steps = std::atoi(words[11]);
    std::vector<double> means, factors;
    for (int i = 0; i < steps; i++) means.push_back(std::atof(words[12 + i]));
    for (int i = 12 + steps; i < count; i++) factors.push_back(std::atof(words[i]));
    const int departments = by_function ? steps : 3;
    const std::clock_t began = std::clock();

    std::vector<Request> all(requests);
    std::vector<int> free(departments, people / departments);
    std::vector<Line> lines(2 * departments);
    std::priority_queue<Completion, std::vector<Completion>, Later> running;
    std::vector<Row> rows;
    if (rows_wanted) rows.reserve((size_t)requests * steps * 5 / 4);
    double total = 0.0;
    long resolved = 0;
    int created = 0;
    double next_arrival = random.exponential(gap);

    auto hours = [&](const Request& r, int step) { return r.factor * std::exp(means[step] + spread * random.normal()); };
    auto start = [&](int id, int department, double now) {
        Request& r = all[id];
        double length = 0.0;
        if (by_function || rows_wanted) length = hours(r, r.step);
        else for (int s = 0; s < steps; s++) length += hours(r, s);
        r.deadline = INFINITY;
        running.push({now + length, id, department, now});
    };
    auto join = [&](int id, int department, double now) {
        all[id].queued = now;
        if (free[department] > 0) { free[department]--; start(id, department, now); }
        else lines[2 * department + all[id].level].items.push_back(id);
    };
    auto release = [&](int department, double now) {
        for (int level = 0; level < 2; level++) {
            Line& line = lines[2 * department + level];
            while (line.head < line.items.size()) {
                int id = line.items[line.head++];
                if (all[id].deadline <= now) continue;  // had left before anybody came free
                start(id, department, now);
                return;
            }
        }
        free[department]++;
    };

    while (created < requests || !running.empty()) {
        if (created < requests && (running.empty() || next_arrival < running.top().time)) {
            const double now = next_arrival;
            Request& r = all[created];
            r.arrival = now;
            r.group = (int)(random.uniform() * 3);
            r.level = random.uniform() < share ? 0 : 1;
            r.factor = factors[(size_t)(random.uniform() * factors.size())];
            r.deadline = now + random.exponential(patience);
            r.step = 0;
            join(created, by_function ? 0 : r.group, now);
            created++;
            next_arrival = now + random.exponential(gap);
            continue;
        }
        const Completion ended = running.top();
        running.pop();
        const double now = ended.time;
        Request& r = all[ended.request];
        if (rows_wanted) rows.push_back({ended.request, r.step, r.queued, ended.start, now});
        const bool more = (by_function || rows_wanted) && r.step + 1 < steps;
        if (more && !by_function) {  // the same person goes on
            r.step++; r.queued = now;
            running.push({now + hours(r, r.step), ended.request, ended.department, now});
            continue;
        }
        release(ended.department, now);
        if (more) { r.step++; join(ended.request, r.step, now); continue; }
        if (random.uniform() < rework) { r.step = 0; join(ended.request, by_function ? 0 : r.group, now); continue; }
        total += now - r.arrival;
        resolved++;
    }
    const double seconds = (double)(std::clock() - began) / CLOCKS_PER_SEC;  // of the processor
    std::printf("%.9f %d %ld %.12g %zu\n", seconds, requests, resolved, total, rows.size());
}
