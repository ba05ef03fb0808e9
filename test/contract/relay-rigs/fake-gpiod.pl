#!/usr/bin/perl
# Plays the programs of libgpiod 1.6 and 2.x on lines that are files. The program's name says which
# one to play; FAKE_GPIO_DIR holds the bench:
#   dialect     v1 or v2
#   chips       one line a chip: <name> <label> <line name or -> ...
#   behaviour   optional: fail, fail-on, hang, hang-on ("-on": only for a request of level 1), denied,
#               slow-monitor (gpiomon takes its lines late, as on a busy machine)
#   events.log  written: <seconds> <pid> <chip> <offset> <physical level>
#   monitor-starts  written by a slow gpiomon before it takes its lines
#   input.<chip>.<offset>  physical level of an input line
# Like the kernel it gives a line to one process at a time and takes it back when that dies. The
# handle of a line bears the name that the kernel gives it among a process's open files.
use strict;
use warnings;
use Fcntl qw(:flock);
use Time::HiRes qw(time sleep);

my $dir = $ENV{FAKE_GPIO_DIR} or die "FAKE_GPIO_DIR is not set\n";
my ($program) = $0 =~ m{([^/]+)$};
my $dialect = read_file('dialect');
my %chips;
for my $row (split /\n/, read_file('chips')) {
    my ($name, $label, @lines) = split / /, $row;
    $chips{$name} = { label => $label, lines => \@lines };
}
my %options = ('active-low' => 0);
my @words;
parse_arguments();
my %play = (
    gpiodetect => \&detect, gpioinfo => \&info, gpioset => \&set,
    gpioget => \&get, gpiomon => \&monitor,
);
$play{$program}->();
exit 0;

sub read_file {
    my ($name) = @_;
    open(my $file, '<', "$dir/$name") or return '';
    local $/;
    my $text = <$file> // '';
    $text =~ s/\s+\z//;
    return $text;
}

# Only what the real program of that dialect and name takes.
sub parse_arguments {
    my %takes = (
        v1 => { gpioset => 'active-low mode= sec= usec= bias=', gpioget => 'active-low bias=',
                gpiomon => 'active-low line-buffered format= bias=', gpioinfo => '', gpiodetect => '' },
        v2 => { gpioset => 'active-low toggle= chip=', gpioget => 'active-low numeric chip= bias=',
                gpiomon => 'active-low edges= format= chip= bias=', gpioinfo => 'chip=', gpiodetect => '' },
    );
    my $takes = $takes{$dialect}{$program} // die "$program: no such program\n";
    while (@ARGV) {
        my $word = shift @ARGV;
        if ($word eq '--version') {
            print $dialect eq 'v1' ? "$program (libgpiod) v1.6.3\n" : "$program (libgpiod) v2.2.1\n";
            exit 0;
        }
        if ($word !~ /^--([a-z-]+)(?:=(.*))?$/) { push @words, $word; next; }
        my ($name, $value) = ($1, $2);
        if ($takes =~ /(?:^| )\Q$name\E=/) { $options{$name} = $value // shift @ARGV; }
        elsif ($takes =~ /(?:^| )\Q$name\E(?: |$)/) { $options{$name} = 1; }
        else { die "$program: unrecognized option '$word'\n"; }
    }
}

sub chip_name { return $dialect eq 'v1' ? shift @words : $options{chip}; }

sub known_chip {
    my ($name) = @_;
    return $chips{$name} // die "$program: unable to open chip '$name': No such file or directory\n";
}

sub offset_of {
    my ($chip, $line) = @_;
    return $line if $line =~ /^\d+$/ && $line < @{ $chip->{lines} };
    if ($dialect eq 'v2') {
        for my $offset (0 .. $#{ $chip->{lines} }) {
            return $offset if $chip->{lines}[$offset] eq $line;
        }
    }
    die "$program: invalid offset: $line\n";
}

sub detect {
    for my $name (sort keys %chips) {
        printf "%s [%s] (%d lines)\n", $name, $chips{$name}{label}, scalar @{ $chips{$name}{lines} };
    }
}

sub info {
    my $name = chip_name();
    my $chip = known_chip($name);
    printf "%s - %d lines:\n", $name, scalar @{ $chip->{lines} };
    for my $offset (0 .. $#{ $chip->{lines} }) {
        my $line = $chip->{lines}[$offset];
        printf "\tline %3d: %s unused input active-high\n", $offset, $line eq '-' ? 'unnamed' : "\"$line\"";
    }
}

# The handle stays open, and locked, until the process ends.
my @handles;
sub take {
    my ($name, $offset) = @_;
    open(my $handle, '>>', "$dir/anon_inode:gpio-line.$name.$offset") or die "$program: $!\n";
    flock($handle, LOCK_EX | LOCK_NB) or die "$program: error setting the GPIO line values: Device or resource busy\n";
    return $handle;
}

sub record {
    my ($name, $offset, $value) = @_;
    my $level = $value ^ $options{'active-low'};
    open(my $log, '>>', "$dir/events.log") or die "$program: $!\n";
    syswrite $log, sprintf("%.6f %d %s %d %d\n", time, $$, $name, $offset, $level);
}

sub set {
    my $name = chip_name();
    my $chip = known_chip($name);
    my ($line, $value) = ($words[0] // '') =~ /^(.+)=([01])$/ or die "$program: invalid line value\n";
    my $offset = offset_of($chip, $line);
    my $behaviour = read_file('behaviour');
    die "$program: error setting the GPIO line values: Input/output error\n"
        if $behaviour eq 'fail' || ($behaviour eq 'fail-on' && $value);
    die "$program: unable to open chip '$name': Permission denied\n" if $behaviour eq 'denied';
    sleep 3600 if $behaviour eq 'hang' || ($behaviour eq 'hang-on' && $value);
    # As the kernel does: the level is driven before the handle exists.
    my $lock = "$dir/lock.$name.$offset";
    open(my $exclusive, '>>', $lock) or die;
    flock($exclusive, LOCK_EX | LOCK_NB) or die "$program: error setting the GPIO line values: Device or resource busy\n";
    record($name, $offset, $value);
    push @handles, $exclusive, take($name, $offset);
    if ($dialect eq 'v1') {
        my $mode = $options{mode} // 'exit';
        if ($mode eq 'time') { sleep(($options{sec} // 0) + ($options{usec} // 0) / 1e6); }
        elsif ($mode eq 'signal') { sleep 3600; }
    }
    elsif (my ($period) = ($options{toggle} // '') =~ /^(\d+)ms,0$/) {
        sleep $period / 1e3;
        record($name, $offset, 1 - $value);
    }
    else { sleep 3600; }
}

sub level {
    my ($name, $offset) = @_;
    my $text = read_file("input.$name.$offset");
    return (($text eq '' ? 0 : $text) ^ $options{'active-low'});
}

sub get {
    my $name = chip_name();
    my $chip = known_chip($name);
    my @levels;
    for my $line (@words) {
        my $offset = offset_of($chip, $line);
        push @handles, take($name, $offset);
        push @levels, level($name, $offset);
    }
    print join(' ', @levels), "\n";
}

sub monitor {
    my $name = chip_name();
    my $chip = known_chip($name);
    my $behaviour = read_file('behaviour');
    die "$program: unable to open chip '$name': Permission denied\n" if $behaviour eq 'denied';
    sleep 3600 if $behaviour eq 'hang';
    if ($behaviour eq 'slow-monitor') {
        open(my $sign, '>', "$dir/monitor-starts") or die "$program: $!\n";
        sleep 0.3;
    }
    my (%last, @offsets);
    for my $line (@words) {
        my $offset = offset_of($chip, $line);
        push @offsets, $offset;
        $last{$offset} = level($name, $offset);
    }
    # As the kernel does: from the moment a handle is there, no edge is missed.
    for my $offset (@offsets) {
        push @handles, take($name, $offset) if $dialect eq 'v1' || !@handles;
    }
    $| = 1;
    while (1) {
        sleep 0.003;
        die "$program: error waiting for events: No such device\n" if read_file('chips') !~ /^\Q$name\E /m;
        for my $offset (@offsets) {
            my $level = level($name, $offset);
            next if $level == $last{$offset};
            $last{$offset} = $level;
            my $format = $options{format};
            my %fields = $dialect eq 'v1'
                ? (o => $offset, e => $level)
                : (l => $chip->{lines}[$offset], o => $offset, e => 2 - $level, E => $level ? 'rising' : 'falling');
            $format =~ s/%([a-zA-Z])/$fields{$1}/g;
            print "$format\n";
        }
    }
}
