"""Words whose capitals are known without evidence: names, acronyms, and what is surely neither.

A moderate list for English and Indonesian, kept as text so that it can be read and added to. What
is a name in Indonesian and a word in English (`Solo`, `Medan`) or an acronym in Indonesian and a
word in English (`HAM`, `DAS`) is listed apart, and used for Indonesian titles only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from refman.text.word_lists import word_list

__all__ = [
    "ABBREVIATIONS",
    "ACRONYM_KEYS",
    "AMBIGUOUS",
    "COMMON",
    "CONNECTORS",
    "FORMS",
    "GENERIC",
    "HONORIFICS",
    "INDONESIAN_FORMS",
    "LETTERED",
    "NUMBERED",
    "PARENTHETICAL",
    "PHRASES",
    "PLACE_HEADS",
    "PREFIXES",
    "ROMANCE_WORDS",
    "SCHOOL_HEADS",
    "VOWELLESS",
]


def _forms(*texts: str) -> dict[str, str]:
    return {word.casefold(): word for text in texts for word in text.split()}


_COUNTRIES = """
Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Azerbaijan Bahrain
Bangladesh Belarus Belgium Benin Bhutan Bolivia Botswana Brazil Brunei Bulgaria Burundi Cambodia
Cameroon Canada Chile China Colombia Congo Croatia Cuba Cyprus Denmark Ecuador Egypt Eritrea
Estonia Eswatini Ethiopia Fiji Finland France Gabon Gambia Georgia Germany Ghana Greece Guatemala
Guinea Guyana Haiti Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy
Jamaica Japan Jordan Kazakhstan Kenya Korea Kosovo Kuwait Kyrgyzstan Laos Latvia Lebanon Lesotho
Liberia Libya Lithuania Luxembourg Madagascar Malawi Malaysia Maldives Malta Mauritania Mauritius
Mexico Moldova Mongolia Montenegro Morocco Mozambique Myanmar Namibia Nepal Netherlands Nicaragua
Nigeria Norway Oman Pakistan Palestine Panama Papua Paraguay Peru Philippines Poland Portugal
Qatar Romania Russia Rwanda Samoa Senegal Serbia Singapore Slovakia Slovenia Somalia Spain Sudan
Suriname Sweden Switzerland Syria Taiwan Tajikistan Tanzania Thailand Tunisia Türkiye Turkey
Turkmenistan Uganda Ukraine Uruguay Uzbekistan Venezuela Vietnam Yemen Zambia Zimbabwe England
Scotland Wales Britain Tibet Crimea Catalonia Kashmir Xinjiang Amerika Inggris Jepang Jerman
Prancis Perancis Belanda Australia Kamboja Filipina Selandia Mesir Maroko Turki Yordania Suriah
Irak Rusia Ukraina Spanyol Italia Swedia Norwegia Finlandia Denmark Brasil Meksiko Afrika Eropa
Tiongkok Cina Palestina Yaman Libanon Kuwait Rohingya Africa America Asia Europe Oceania
Antarctica Arctic Atlantic Pacific Mediterranean Balkans Caribbean Himalaya Sahara Amazon Mekong
Nile Danube ASEAN
"""
_DEMONYMS = """
African American Asian Australian Austrian Bangladeshi Belgian Brazilian British Bulgarian Burmese
Cambodian Canadian Caribbean Chilean Chinese Colombian Croatian Cuban Czech Danish Dutch Egyptian
English Estonian Ethiopian European Filipino Finnish French Georgian German Ghanaian Greek
Hungarian Indian Indonesian Indonesians Iranian Iraqi Irish Israeli Italian Japanese Javanese
Kazakh Kenyan Korean Kurdish Latvian Lebanese Libyan Lithuanian Malaysian Malay Mexican Mongolian
Moroccan Nepalese Nigerian Norwegian Pakistani Palestinian Persian Peruvian Philippine Polish
Portuguese Romanian Russian Saudi Scottish Serbian Singaporean Slovak Slovenian Somali Spanish
Sudanese Swahili Swedish Swiss Syrian Taiwanese Tamil Tanzanian Thai Tibetan Tunisian Turkish
Ugandan Ukrainian Urdu Uzbek Venezuelan Vietnamese Welsh Yemeni Zambian Zimbabwean Latin Hindi
Bengali Arabic Arab Arabian Hebrew Sanskrit Mandarin Cantonese Balinese Sundanese Minangkabau
Acehnese Papuan Sasak Dayak Bugis Batak Betawi Madurese Makassarese Toraja Minang Melayu Sunda
Jawa Osing Tengger Mandailing Tionghoa Baduy Banjar Aboriginal Hispanic Victorian Ottoman
Byzantine
"""
_RELIGIONS = """
Islam Islamic Muslim Muslims Christian Christians Christianity Catholic Catholicism Protestant
Hindu Hinduism Buddhist Buddhism Jewish Judaism Sufi Sufism Sunni Shia Salafi Wahhabi Quran Koran
Qur'an Qur’an Quranic Qur'anic Bible Biblical Allah Ramadan Ramadhan Kristen Katolik Buddha
Konghucu Nabi Muhammad Muhammadiyah Nahdlatul Ulama Pancasila Alquran Al-Quran Marxist Marxism
Freudian Kantian Bayesian Gaussian Markov Poisson Boolean Euclidean Fourier Newtonian Monte-Carlo
"""
_CALENDAR = """
January February April June July August September October November December Monday Tuesday
Wednesday Thursday Friday Saturday Sunday Christmas Easter Januari Februari Maret Mei Juni Juli
Agustus Oktober Nopember Desember Senin Selasa Rabu Kamis Jumat Sabtu Idul Fitri
"""
_PLACES = """
Aceh Sumatra Sumatera Riau Jambi Bengkulu Lampung Bangka Belitung Banten Jakarta Yogyakarta Java
Bali Lombok Sumbawa Kalimantan Borneo Sulawesi Gorontalo Maluku Moluccas Papua Nusantara Surabaya
Bandung Semarang Surakarta Makassar Palembang Denpasar Balikpapan Samarinda Banjarmasin Pontianak
Manado Mataram Kupang Ambon Jayapura Manokwari Merauke Pekanbaru Batam Tanjungpinang Tangerang
Bekasi Bogor Depok Cirebon Sukabumi Tasikmalaya Garut Cianjur Karawang Purwakarta Subang Sumedang
Kuningan Majalengka Indramayu Ciamis Pangandaran Magelang Pekalongan Salatiga Purwokerto Banyumas
Cilacap Kebumen Purworejo Wonosobo Temanggung Boyolali Klaten Sukoharjo Wonogiri Karanganyar
Sragen Grobogan Blora Rembang Pati Jepara Demak Kendal Batang Pemalang Brebes Sleman Bantul
Gunungkidul Kulonprogo Madiun Kediri Blitar Probolinggo Pasuruan Mojokerto Sidoarjo Gresik
Lamongan Tuban Bojonegoro Ngawi Magetan Ponorogo Pacitan Trenggalek Tulungagung Nganjuk Jombang
Lumajang Jember Banyuwangi Bondowoso Situbondo Bangkalan Sampang Pamekasan Sumenep Madura Toba
Padangsidimpuan Pematangsiantar Tebingtinggi Binjai Langkat Karo Dairi Simalungun Asahan
Labuhanbatu Nias Bukittinggi Payakumbuh Pariaman Solok Sawahlunto Lhokseumawe Langsa Sabang
Bireuen Pidie Kendari Baubau Maros Gowa Takalar Jeneponto Bulukumba Sinjai Wajo Soppeng Sidrap
Pinrang Enrekang Luwu Palopo Parepare Mamuju Majene Donggala Poso Morowali Buton Wakatobi Ternate
Tidore Halmahera Flores Sumba Timor Manggarai Ende Sikka Bima Dompu Gianyar Badung Tabanan
Buleleng Karangasem Klungkung Bangli Jembrana Ubud Singaraja Bontang Tarakan Nunukan Kutai Berau
Paser Singkawang Sambas Ketapang Palangkaraya Kapuas Sampit Banjarbaru Cilegon Pandeglang Lebak
Merapi Borobudur Prambanan Mandalika Raja-Ampat Pemekasan Bojonegoro Cikarang Cimahi Tomohon
Minahasa Bitung Bolaang Mongondow Sangihe Talaud Kotamobagu Mentawai Natuna Anambas Karimun Bintan
Lingga Menteng Tegal Kudus Lubuklinggau Prabumulih Bandarlampung Medan Nagari-Sembilan London
Paris Berlin Madrid Rome Vienna Moscow Beijing Shanghai Tokyo Osaka Kyoto Seoul Bangkok Hanoi
Manila Delhi Mumbai Karachi Lahore Dhaka Cairo Lagos Nairobi Johannesburg Istanbul Ankara Tehran
Baghdad Damascus Jerusalem Gaza Mecca Medina Makkah Madinah Dubai Sydney Melbourne Toronto
Washington Boston Chicago California Texas Florida Alaska Hawaii Hiroshima Chernobyl Wuhan Sabah
Sarawak Johor Penang Kelantan Selangor Hong-Kong
"""
_BRANDS = """
ChatGPT OpenAI Google Facebook Instagram Twitter YouTube Youtube TikTok Tiktok WhatsApp Whatsapp
Netflix Amazon Microsoft Shopee Tokopedia Gojek Grab Lazada Traveloka Bukalapak Canva Quizizz
Kahoot Wordwall Android iOS Python MATLAB LaTeX MySQL PHP JavaScript Moodle GeoGebra Arduino
Bluetooth Linux Windows Scopus PubMed Crossref Wikipedia Zoom Telegram Geogebra Padlet Edmodo
Wi-Fi Persero Tbk
"""
_MIXED = """
pH mRNA tRNA rRNA miRNA siRNA lncRNA circRNA shRNA snRNA qPCR RT-qPCR PhD IoT AIoT CoV SARS-CoV
NaCl MgO TiO ZnO kWh dB GHz MHz kHz PaaS SaaS IaaS NGOs SMEs MSMEs SDGs MDGs LLMs CNNs GPUs UAVs
MTs MTsN UKMs UMKMs LGBTQ UiTM eHealth mHealth McDonald's Ph.D mTOR iPSC dan-dB
"""
_ACRONYMS = """
DNA RNA HIV AIDS COVID SARS MERS ASEAN UNESCO UNICEF NATO OPEC OECD USA UK EU UN BRICS GATT WTO
IMF IOM UNHCR UNDP UNCLOS IAEA ILO FAO APEC NAFTA AFTA ISO IEEE IBM NASA CERN FIFA UEFA ICT TIK
PCR ELISA MRI CT EEG ECG EKG ICU BMI HBA LDL HDL ATP NADH GDP GNP FDI SWOT SDG MDG ESG CSR GCG ROI
ROA ROE IPO ETF KPI ERP CRM SCM HRM TQM SEM PLS SPSS AHP TOPSIS ANOVA ANFIS CNN RNN LSTM SVM KNN
PCA NLP LLM GPT AI ML XR VR IOT GIS GPS UAV RFID NFC API URL HTML XML JSON SQL CSS USB LCD PLC
SCADA PID FPGA CPU GPU TCP IP HTTP SMS PDF CAD CFD FEM PV LNG LPG PVC HDPE BOD TSS UMKM SMA SMP
SMK SMAN SMPN SDN SMKN SDIT SLB PAUD SD MTS PT CV BUMN BUMD BUMDES BUMDESA PKK RSUD RSUP RSU RSIA
RS UPTD UPT DPR DPRD MPR DPD KPU KPK BPK TNI POLRI BPJS JKN BNN BPOM BPS BMKG BPBD BNPB OJK UU RUU
KUHP KUHAP APBN APBD PBB PPH PPN NPWP DJP KPP LKS LKPD RPP PTK TPACK PBL PJBL EFL ESL ELT TOEFL
IELTS CLIL ADHD PTSD CBT COPD CKD CVD TBC TB ASI MPASI BBLR KEK ANC IUD KB WUS LBP NIHSS DHF DBD
ISPA SADARI PHBS STBM UKS UKGS TPA ODHA ODGJ NAPZA UMR UMP PHK TKI PMI SDM ASN PNS KTP E-KTP IMB
HAKI HKI KDRT LGBT NKRI NU PKS PDIP PKB GOLKAR IAIN UIN STKIP STIKES STIE UGM UI ITB IPB UNPAD
UNAIR UNDIP UNY UPI UNM USU ITN UMM UNS UMS BSI BRI BNI BCA BMT PLN PDAM PLTS PLTU PLTA PLTN MRT
LRT KRL BRT TPI IPAL TPS TPST DKI DIY NTB NTT KKN PKL MBKM BLT PKH MRSA BPD DAK DAU LPD KPR NPL
NPF BOPO UTAUT SERVQUAL FGD BRCA IGF TNF UV IR NIR FTIR XRD SEM HPLC GC LC MS NMR QSAR ADMET MDR
HPV HBV HCV EBV CMV HSV TIMSS PISA MOOC MOOCS TVET CEO CFO NGO SME MSME GMO IVF MIMO OFDM LTE IPV
CRISPR IUCN CITES REDD UNFCCC GHG LCA
"""
_INDONESIAN_ACRONYMS = """
MI MA MAN MIN TK RA PAI IPA IPS PKN BK BP HAM DAS ART HOTS STAD CTL TGT NHT IPK NIK PPKN PPPK PPL
GTK KKG MGMP UN UAS UTS USBN AKM ANBK AMDAL RTRW RTH RDTR TNGL TNBTS TPQ TPA MTQ ZIS BAZNAS LAZ
MUI DSN BKKBN KUA KKB PIK PUS WBP LAPAS RUTAN PSK UPPKS KUB POKDARWIS BABINSA SPKLU CAR TAM PAN
STEM STEAM HOTS LDR SIM KIA PUS IVA PAD MA BI RI MK KUR ITS STAIN COD
"""
_INDONESIAN_NAMES = """
Malang Padang Solo Batu Palu Serang Metro Siak Kampar Rokan Musi Ogan Muara-Enim Lahat Bone Sigi
Pati Batang Kuningan Majapahit Sriwijaya Mataram Soekarno Soeharto Jokowi Prabowo Kartini
Diponegoro Sudirman Hatta Hamka Negara Arab Qur'an Indonesia Kopo Cina Hadis
"""

AMBIGUOUS = word_list(
    """
turkey china polish august java jordan georgia chad mali guinea amazon panama swiss arctic zoom
grab telegram windows python latin canva kudus batang lebak pati ende bone demak kendal karo
lingga mei fitri buddha nabi buddhist markov maret toba aids sem ms gc lc cat ar ir ma mi man min
ra art das ham ip tb car tam pet pad led ram api tpa stem steam hots pan ui
"""
)
"""Names that are also words: evidence in lower case outweighs them."""

ACRONYM_KEYS = word_list((_ACRONYMS + _INDONESIAN_ACRONYMS).casefold())
FORMS: Mapping[str, str] = _forms(
    _COUNTRIES, _DEMONYMS, _RELIGIONS, _CALENDAR, _PLACES, _BRANDS, _ACRONYMS, _MIXED
)
"""Words by their case-folded form."""
INDONESIAN_FORMS: Mapping[str, str] = _forms(_INDONESIAN_ACRONYMS, _INDONESIAN_NAMES)

_PHRASES = """
South Africa|South Korea|North Korea|South Sudan|Saudi Arabia|Sri Lanka|New Zealand|New Guinea
Papua New Guinea|United States|United States of America|United Kingdom|United Nations
United Arab Emirates|European Union|African Union|Costa Rica|El Salvador|Puerto Rico|Ivory Coast
Sierra Leone|Burkina Faso|Timor-Leste|Timor Leste|Bosnia and Herzegovina|Czech Republic
Dominican Republic|Hong Kong|Middle East|Southeast Asia|South East Asia|South Asia|East Asia
Central Asia|Latin America|North America|South America|Eastern Europe|Western Europe
Middle Eastern|Sub-Saharan Africa|Black Sea|South China Sea|Indian Ocean|Pacific Ocean
Atlantic Ocean|Kuala Lumpur|New York|New Delhi|Los Angeles|San Francisco|Buenos Aires
Rio de Janeiro|Sao Paulo|São Paulo|World War|Cold War|World Health Organization|World Bank
World Trade Organization|Nobel Prize|Monte Carlo|Likert|Big Data|vitamin A|vitamin B|vitamin C
vitamin D|vitamin E|vitamin K|West Java|East Java|Central Java|West Sumatra|North Sumatra
South Sumatra|South Sulawesi|North Sulawesi|Central Sulawesi|West Sulawesi|Southeast Sulawesi
East Kalimantan|West Kalimantan|South Kalimantan|Central Kalimantan|North Kalimantan
East Nusa Tenggara|West Nusa Tenggara|North Maluku|West Papua|Nusa Tenggara|Nusa Penida
Riau Islands|South Jakarta|West Jakarta|Jawa Barat|Jawa Timur|Jawa Tengah|Sumatera Barat
Sumatera Utara|Sumatera Selatan|Sulawesi Selatan|Sulawesi Utara|Sulawesi Tengah|Sulawesi Barat
Sulawesi Tenggara|Kalimantan Timur|Kalimantan Barat|Kalimantan Selatan|Kalimantan Tengah
Kalimantan Utara|Nusa Tenggara Timur|Nusa Tenggara Barat|Maluku Utara|Papua Barat|Kepulauan Riau
Bangka Belitung|Jakarta Selatan|Jakarta Timur|Jakarta Barat|Jakarta Utara|Jakarta Pusat|Banda Aceh
Aceh Besar|Aceh Utara|Aceh Tengah|Aceh Barat|Aceh Selatan|Deli Serdang|Serdang Bedagai
Tapanuli Selatan|Tapanuli Utara|Tapanuli Tengah|Tanah Karo|Tanah Datar|Lima Puluh Kota
Bandar Lampung|Kulon Progo|Gunung Kidul|Tanjung Pinang|Palangka Raya|Kutai Kartanegara
Penajam Paser Utara|Ogan Ilir|Ogan Komering Ilir|Musi Banyuasin|Musi Rawas|Indragiri Hilir
Indragiri Hulu|Rokan Hulu|Rokan Hilir|Lombok Timur|Lombok Barat|Lombok Tengah|Lombok Utara
Minahasa Utara|Minahasa Selatan|Raja Ampat|Danau Toba|Lake Toba|Asia Tenggara|Asia Timur
Timur Tengah|Arab Saudi|Korea Selatan|Korea Utara|Amerika Serikat|Uni Eropa|Uni Emirat Arab
Daerah Istimewa Yogyakarta|Daerah Khusus Ibukota
Selandia Baru|Afrika Selatan|Papua Nugini|Sri Langka|Bank Indonesia|Bank Syariah Indonesia
Bank Rakyat Indonesia|Bank Mandiri|Bank Muamalat|Bursa Efek Indonesia|Republik Indonesia
Negara Kesatuan Republik Indonesia|Mahkamah Konstitusi|Mahkamah Agung|Nahdlatul Ulama|Al-Quran
Al-Qur'an|Al Quran|Al Qur'an|Al-Qur’an|Al-Azhar|Al-Ghazali|Ibn Khaldun|Ibnu Khaldun|Ibnu Sina
Ki Hajar Dewantara|Buya Hamka|Tan Malaka|Undang-Undang|Undang-Undang Dasar|BPJS Kesehatan
BPJS Ketenagakerjaan|Hari Raya|Idul Fitri|Idul Adha|Google Classroom|Google Meet|Google Form
Google Scholar|Google Maps|Al-Hikmah|Al-Ikhlas|Nurul Huda|Kurikulum Merdeka
"""


def _index(phrases: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases by the case-folded form of their first word, the longest first."""
    index: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        words = tuple(phrase.replace("-", " ").split())
        index.setdefault(words[0].casefold(), []).append(words)
    for same in index.values():
        same.sort(key=len, reverse=True)
    return index


PHRASES = _index(
    [
        *_PHRASES.strip().replace("\n", "|").split("|"),
        *(form for form in FORMS.values() if "-" in form),
    ]
)

CONNECTORS = word_list(
    """
of for and the on in to at by with de del du la dan di untuk dalam pada dari ke bagi und der
"""
)
"""Small words inside names; they stay in lower case."""

GENERIC = word_list(
    """
act agency area association authority bank board branch bureau center centre city college
commission committee company constitution convention corporation council country court declaration
department directorate district division economic education faculty federal federation foundation
fund general government health hospital house institute institution international island
laboratory law local management migration minister ministry model movement municipal national
network nations number office organization organisation parliament party plan police policy
program programme project province public regency region regional regulation republic research
resources review school science service social society state strategy study sustainable system
technology theory training treaty union united unit university village women work world year youth
theorem method test scale index badan balai bank bidang cabang daerah dana dasar dewan dinas
direktorat divisi ekonomi fakultas gubernur hukum ilmu indeks informasi institut jurusan kabupaten
kantor kecamatan kejaksaan kelurahan kementerian kepala kepolisian keputusan kesehatan komisi kota
koperasi lembaga mahkamah majelis menteri metode model negara negeri nasional nomor otonomi pasal
pemerintah pendidikan pengadilan perguruan peraturan perusahaan presiden program prodi provinsi
pusat republik rumah sakit sekolah sistem sosial teknik teknologi teori tinggi undang universitas
usaha walikota bupati wilayah desa studi
"""
)
"""Words of many names that are no names alone: their capitals count in whole phrases only."""

PLACE_HEADS = word_list(
    """
kota kabupaten kecamatan kelurahan desa provinsi pulau gunung danau teluk selat nagari dusun
kampung gampong distrik bandara pelabuhan universitas institut politeknik puskesmas candi
"""
)

SCHOOL_HEADS = word_list(
    """
sma smp sd smk mts ma mi man min mtsn sdn smpn sman smkn sdit tk ra paud slb rsud rsup rsu rsia rs
pt cv ud stikes stkip stie iain uin stain pesantren
"""
)
"""Words that a name follows in Indonesian titles, unless a word of `COMMON` does."""

HONORIFICS = word_list("dr prof ir kh drs hj h m r st")
"""What stands, with a full stop, in front of a person's name: `RSUD Dr. Soetomo`."""

COMMON = word_list(
    """
a agar akibat aktif alat alam aman anak analisis angka antar antara apakah asing asli atas atau
awal bagi bagian bahan bahasa baik baru banyak bawah bebas bekerja belajar berbasis berdasarkan
besar binaan budaya cerdas dalam dampak dan dana dapat dari dasar data dataran dengan dewasa di
digital dinas dini efek ekonomi era fungsi guna guru hasil hijau hingga hukum ibu industri inklusi
inovasi internal islam islami itu jalan jangka jasa jenis juga kab kajian karena karya kasus
kawasan kec kecil kegiatan kelas kelompok kepada kepala kesehatan ketika khusus kinerja
konvensional kreatif lain lama lansia laut layak layanan lebih lingkungan literasi lokal mahasiswa
mandiri maritim masa masyarakat masing mata media melalui memiliki menengah menjadi menuju menurut
menggunakan merdeka metode migran miskin mitra model modern murid muslim nasional nelayan oleh
online orang otonom pada para pasca pasar pasien pedesaan pegawai pelayanan pemerintah pemuda
penerapan pendidikan pengaruh pengelola perempuan periode perkotaan pesisir petani pintar potensi
pra praktik prasejarah program produk publik pusat ramah rawan remaja rumah sakit saat sampai
sampah santri sastra satu se sebagai sebelum sebuah secara sederajat sehat sejak sekolah selama
selatan seluruh semester seni seperti serta sesuai sesudah setelah siaga siswa sosial strategi
studi suatu sudah sungai swadaya syariah tahap tahun tanah tangguh tanpa tata teknologi tempat
tentang terbuka terhadap tersebut tertinggal terpadu terpencil tingkat tinggi tradisional tua umum
unggul untuk upaya usaha usia utama utara wilayah wisata yang zaman adat kuno dunia swasta
sederhana terapung vulkanik api kanal berkelanjutan vokasi pemasyarakatan pertama kedua the of and
in on for to with at by from as an is are its their using through among between
"""
)

LETTERED = word_list(
    """
vitamin hepatitis type tipe group grup kelompok class kelas grade golongan plan influenza
streptococcus appendix lampiran section blok block serie series seri part case phase zone zona
kategori category level sd-tipe
"""
)
"""Words that a single capital letter belongs to: `vitamin A`."""

PREFIXES = word_list("anti bi co de di in ko mal multi non pan pra pre pro re semi sub tri un uni")
"""Beginnings of hyphened words, whatever they mean alone."""

NUMBERED = word_list(
    """
type tipe phase fase level kelas class grade abad stage step ke chapter bab pasal article part day
month year week hari bulan tahun cycle siklus tahap top model version versi factor
"""
)
"""Words that are no code in front of a hyphen and a number: `type-2`, `ke-19`."""

PARENTHETICAL = word_list(
    """
review survey study studi case kasus part bagian revisi tinjauan kajian analisis analysis sebuah
suatu telaah revised reprint invited comparison guru siswa dan atau and or of in di with note
supplement online print draft persero
"""
)
"""Words that stand in parentheses without being acronyms."""

VOWELLESS = word_list(
    """
mr mrs dr st vs jr sr yg dg dgn dlm utk thd pd tsb dr drs hj kh th sth by my why cry dry fly sky
try gym myth nth
"""
)
"""Words without a vowel that are no acronyms."""

ABBREVIATIONS = word_list(
    """
vs dr no st mr mrs ms ir jl prof hj drs dra vol art pt cv ed eds cf al etc sp spp var subsp jr sr
kh tn ny tbk kab kec prov op cit ibid ca approx dept
"""
)
"""Words whose full stop ends no sentence."""

ROMANCE_WORDS = word_list(
    """
de la el los las del y em da do das dos du des et les della delle degli dei nel para por une un
una au aux
"""
)
