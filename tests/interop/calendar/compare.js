// Compares "date 0|1" lines on standard input with the npm packages in the folder given: chinese-days
// and holiday-calendar, neither of them ours. Exit 0: no difference; 1: some; 77: packages absent.
const fs = require('fs');
const path = require('path');

const folder = process.argv[2];

function have(name) {
  return fs.existsSync(path.join(folder, name, 'package.json'));
}

function holidayCalendar() {
  const kinds = new Map();
  const data = path.join(folder, 'holiday-calendar', 'data', 'CN');
  for (let year = 2019; year <= 2026; year++) {
    for (const day of JSON.parse(fs.readFileSync(path.join(data, `${year}.json`))).dates) {
      kinds.set(day.date, day.type !== 'public_holiday');
    }
  }
  return (date) => {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    return kinds.has(date) ? kinds.get(date) : weekday !== 0 && weekday !== 6;
  };
}

const others = new Map();
if (have('chinese-days')) {
  others.set('chinese-days', require(path.join(folder, 'chinese-days')).isWorkday);
}
if (have('holiday-calendar')) {
  others.set('holiday-calendar', holidayCalendar());
}
if (others.size < 2) {
  console.log(`skipped: chinese-days and holiday-calendar are not both in ${folder}`);
  process.exit(77);
}

const lines = fs.readFileSync(0, 'utf8').trim().split('\n');
let differences = 0;
for (const line of lines) {
  const [date, work] = line.split(' ');
  for (const [name, isWorkday] of others) {
    if (isWorkday(date) !== (work === '1')) {
      console.log(`${date}: ours ${work === '1' ? 'work' : 'rest'}, ${name} says otherwise`);
      differences++;
    }
  }
}
console.log(`${lines.length} days compared with ${[...others.keys()].join(' and ')}: ` +
  `${differences} differences`);
process.exit(differences === 0 && lines.length > 2900 ? 0 : 1);
